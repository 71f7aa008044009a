import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

const kib = 1024;
const longestChunkBytes = 255 * kib;

interface Link {
  bytesPerMs: number;
  roundTripMs: number;
  mostChunks?: number;
}

/** Sends over a link of so much bandwidth and delay, until the pace has settled. */
function settle({ bytesPerMs, roundTripMs, mostChunks = 64 }: Link) {
  let nowMs = 0;
  const pace = createPace({ firstChunks: 4, growth: 2, mostChunks, longestChunkBytes, startMs: nowMs });
  for (let round = 0; round < 50; round += 1) {
    const { chunks, chunkBytes } = pace;
    nowMs += Math.max(roundTripMs, (chunks * chunkBytes) / bytesPerMs);
    for (let chunk = 0; chunk < chunks; chunk += 1) pace.acknowledged(chunkBytes, nowMs);
  }
  return pace;
}

it('fills a link of much bandwidth and a long delay', () => {
  const [bytesPerMs, roundTripMs] = [100 * kib, 40];
  const { chunks, chunkBytes } = settle({ bytesPerMs, roundTripMs });
  expect(chunkBytes).toBe(longestChunkBytes);
  expect(chunks * chunkBytes).toBeGreaterThanOrEqual(bytesPerMs * roundTripMs);
});

it('queues up no more than five times what a short link holds', () => {
  const { chunks, chunkBytes } = settle({ bytesPerMs: 10 * kib, roundTripMs: 100 });
  expect(chunks * chunkBytes).toBeLessThanOrEqual(5 * 10 * kib * 100);
});

it('sends chunks that a slow link acknowledges every half a minute at least', () => {
  const { chunkBytes } = settle({ bytesPerMs: 1, roundTripMs: 1 });
  expect(chunkBytes / 1).toBeLessThanOrEqual(33_000);
});

it('never passes what it was allowed', () => {
  expect(settle({ bytesPerMs: 1e9, roundTripMs: 1_000, mostChunks: 3 }).chunks).toBe(3);
});
