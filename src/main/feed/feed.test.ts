import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFeed } from './index.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('sums up what changed between frames', async () => {
  const feed = createFeed<string>();
  const frames = feed.frames(undefined);
  for (const key of ['a', 'b', 'a']) feed.mark(key);
  expect((await frames.next()).value).toEqual(new Set(['a', 'b']));
  const next = frames.next();
  for (let mark = 0; mark < 1_000; mark += 1) feed.mark(`c${mark % 2}`);
  await vi.advanceTimersByTimeAsync(200);
  expect((await next).value).toEqual(new Set(['c0', 'c1']));
});

it('gives at most ten frames a second', async () => {
  const feed = createFeed<string>();
  const frames = feed.frames(undefined);
  let count = 0;
  const reading = (async () => {
    for await (const _ of frames) count += 1;
  })();
  for (let elapsedMs = 0; elapsedMs < 2_000; elapsedMs += 10) {
    feed.mark('x');
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(count).toBeGreaterThan(5);
  expect(count).toBeLessThanOrEqual(21);
  feed.end();
  await vi.runAllTimersAsync();
  await reading;
});

it('serves each listener from its own start', async () => {
  const feed = createFeed<string>();
  const early = feed.frames(undefined);
  feed.mark('a');
  const late = feed.frames(undefined);
  feed.mark('b');
  expect((await early.next()).value).toEqual(new Set(['a', 'b']));
  expect((await late.next()).value).toEqual(new Set(['b']));
});

it('gives what is left when it ends', async () => {
  const feed = createFeed<string>();
  const frames = feed.frames(undefined);
  feed.mark('last');
  feed.end();
  expect((await frames.next()).value).toEqual(new Set(['last']));
  expect((await frames.next()).done).toBe(true);
});

it('ends for a listener that aborts, at once', async () => {
  const feed = createFeed<string>();
  const abort = new AbortController();
  const waiting = feed.frames(abort.signal).next();
  abort.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect((await waiting).done).toBe(true);
});
