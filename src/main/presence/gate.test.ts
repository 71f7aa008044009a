import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createGate } from './gate.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;

it('lets work begin in its order, evenly spaced, whoever asks', async () => {
  const gate = createGate({ mostAtOnce: 100, mostPerSecond: 50 });
  const startMs = performance.now();
  const began: [number, number][] = [];
  const asked = Array.from({ length: 100 }, (_, index) =>
    gate.pass(never, async () => void began.push([index, performance.now() - startMs])),
  );
  await vi.advanceTimersByTimeAsync(2_100);
  await Promise.all(asked);
  expect(began.map(([index]) => index)).toEqual(asked.map((_, index) => index));
  for (const [index, atMs] of began) expect(atMs).toBeGreaterThanOrEqual(index * 20 - 1);
});

it('holds the rest back while as many as it may are under way', async () => {
  const gate = createGate({ mostAtOnce: 2, mostPerSecond: 1_000 });
  const works = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  let begun = 0;
  const asked = works.map(({ promise }) =>
    gate.pass(never, () => {
      begun += 1;
      return promise;
    }),
  );
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toBe(2);
  works[0]?.reject(new Error('failed'));
  await expect(asked[0]).rejects.toThrow('failed');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toBe(3);
  for (const { resolve } of works) resolve();
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all(asked.slice(1));
});

it('forgets who gave up waiting, for a place or for the time', async () => {
  const gate = createGate({ mostAtOnce: 1, mostPerSecond: 1 });
  const first = Promise.withResolvers<void>();
  const running = gate.pass(never, () => first.promise);
  const impatient = new AbortController();
  const begin = vi.fn(async () => undefined);
  const forPlace = gate.pass(impatient.signal, begin);
  const patient = gate.pass(never, begin);
  impatient.abort(new Error('enough'));
  await expect(forPlace).rejects.toThrow('enough');
  first.resolve();
  await running;
  expect(begin).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_100);
  await patient;
  expect(begin).toHaveBeenCalledTimes(1);

  const hasty = new AbortController();
  const forTime = gate.pass(hasty.signal, begin);
  hasty.abort(new Error('enough'));
  await expect(forTime).rejects.toThrow('enough');
  const last = gate.pass(never, begin);
  await vi.advanceTimersByTimeAsync(2_100);
  await last;
  expect(begin).toHaveBeenCalledTimes(2);
});
