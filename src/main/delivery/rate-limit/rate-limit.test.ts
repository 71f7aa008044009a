import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer } from './pacer.ts';
import { createRateLimit, reserve, setRate } from './rate-limit.ts';

const secondNs = 1_000_000_000n;

/** Sends pieces for some time on a clock of its own, each as soon as it may go. @returns bytes that went */
function sendFor(
  seconds: number,
  limit: SharedArrayBuffer,
  nextPiece: () => { bytes: number; lateNs: bigint },
): number {
  let nowNs = secondNs * 1000n;
  const endNs = nowNs + secondNs * BigInt(seconds);
  let sent = 0;
  for (;;) {
    const { bytes, lateNs } = nextPiece();
    nowNs += reserve(limit, bytes, nowNs) + lateNs;
    if (nowNs >= endNs) return sent;
    sent += bytes;
  }
}

describe('a rate limit', () => {
  it('is kept within 5 % over 10 s, whatever the pieces and however late the timers', () => {
    const piece = fc.record({ share: fc.double({ min: 0.01, max: 0.1, noNaN: true }), lateMs: fc.nat(20) });
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000, max: 1_000_000_000 }),
        fc.array(piece, { minLength: 1 }),
        (rate, pieces) => {
          let turn = 0;
          const sent = sendFor(10, createRateLimit(rate), () => {
            const { share, lateMs } = pieces[turn++ % pieces.length] ?? { share: 0.1, lateMs: 0 };
            return { bytes: Math.ceil(rate * share), lateNs: BigInt(Math.round(lateMs * share * 1e7)) };
          });
          expect(sent / rate / 10).toBeGreaterThan(0.95);
          expect(sent / rate / 10).toBeLessThan(1.05);
        },
      ),
    );
  });

  it('holds nothing back where there is none, and can be set and lifted while bytes flow', () => {
    const limit = createRateLimit(undefined);
    expect(reserve(limit, 1e12, secondNs)).toBe(0n);
    setRate(limit, 1_000);
    reserve(limit, 1_000, secondNs);
    expect(reserve(limit, 1, secondNs)).toBe((secondNs * 9n) / 10n);
    setRate(limit, undefined);
    expect(reserve(limit, 1e12, secondNs)).toBe(0n);
  });

  it('does not save up idle time', () => {
    const limit = createRateLimit(1_000);
    reserve(limit, 1, secondNs);
    reserve(limit, 100, 3600n * secondNs);
    expect(reserve(limit, 1, 3600n * secondNs)).toBe(0n);
    expect(reserve(limit, 1, 3600n * secondNs)).toBeGreaterThan(0n);
  });

  it('is one for all threads', async () => {
    const limit = createRateLimit(1_000_000);
    const module = new URL('./rate-limit.ts', import.meta.url).href;
    const program = `
      import { workerData } from 'node:worker_threads';
      const { reserve } = await import(${JSON.stringify(module)});
      for (let turn = 0; turn < 5000; turn++) reserve(workerData, 1000, 1_000_000_000n);`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    const ended = [1, 2, 3].map(
      () =>
        new Promise((resolve, reject) => {
          new Worker(url, { workerData: limit }).on('error', reject).on('exit', resolve);
        }),
    );
    expect(await Promise.all(ended)).toEqual([0, 0, 0]);
    // 15 MB at 1 MB/s have their turn in 15 s, less the burst.
    expect(reserve(limit, 1, secondNs)).toBe(15n * secondNs - secondNs / 10n);
  });
});

it('a pacer sends small pieces where the limit is low', () => {
  const pieceOf = (...rates: (number | undefined)[]) => createPacer(rates.map(createRateLimit)).pieceBytes(255 * 1024);
  expect(pieceOf(undefined)).toBe(255 * 1024);
  expect(pieceOf(undefined, 100_000)).toBe(10_000);
  expect(pieceOf(1_000, 100_000)).toBe(1024);
});
