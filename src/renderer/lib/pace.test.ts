import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPace } from './pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('does at once what is asked for, and the last of what comes too soon when it is time', () => {
  const done: string[] = [];
  const pace = createPace(1_000);
  for (const what of ['a', 'b', 'c']) pace.ask(() => done.push(what));
  expect(done).toEqual(['a']);
  vi.advanceTimersByTime(999);
  expect(done).toEqual(['a']);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(['a', 'c']);
  pace.ask(() => done.push('d'));
  vi.advanceTimersByTime(1_000);
  expect(done).toEqual(['a', 'c', 'd']);
  vi.advanceTimersByTime(5_000);
  pace.ask(() => done.push('e'));
  expect(done).toEqual(['a', 'c', 'd', 'e']);
});

it('does nothing more once it is stopped', () => {
  const done: string[] = [];
  const pace = createPace(1_000);
  pace.ask(() => done.push('a'));
  pace.ask(() => done.push('b'));
  pace.stop();
  vi.advanceTimersByTime(5_000);
  expect(done).toEqual(['a']);
});
