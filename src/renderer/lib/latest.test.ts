import { expect, it, vi } from 'vitest';
import { createLatest } from './latest.ts';

it('asks once the typing pauses, and drops an answer that comes after a later one was asked for', async () => {
  vi.useFakeTimers();
  try {
    const latest = createLatest<string>(200);
    const taken: string[] = [];
    const loads = ['first', 'second', 'third'].map((name) => ({ name, answer: Promise.withResolvers<string>() }));
    const asked: string[] = [];
    const ask = (index: number) => {
      const load = loads[index];
      if (!load) throw new Error('no such load');
      latest.ask(
        () => {
          asked.push(load.name);
          return load.answer.promise;
        },
        (answer) => taken.push(answer),
      );
    };
    ask(0);
    await vi.advanceTimersByTimeAsync(199);
    ask(1);
    await vi.advanceTimersByTimeAsync(200);
    ask(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual(['second', 'third']);
    loads[2]?.answer.resolve('third');
    loads[1]?.answer.resolve('second');
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toEqual(['third']);

    ask(0);
    await vi.advanceTimersByTimeAsync(200);
    latest.stop();
    loads[0]?.answer.resolve('first');
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toEqual(['third']);
  } finally {
    vi.useRealTimers();
  }
});
