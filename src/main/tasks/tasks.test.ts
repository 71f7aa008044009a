import { expect, it } from 'vitest';
import type { Task } from '../../shared/model/index.ts';
import { createTasks } from './index.ts';

async function next(frames: AsyncGenerator<Task[]>): Promise<Task[]> {
  const { value } = await frames.next();
  return value ?? [];
}

it('shows a task while it runs, with its progress', async () => {
  const tasks = createTasks();
  const frames = tasks.frames(undefined);
  expect(await next(frames)).toEqual([]);
  const finish = Promise.withResolvers<string>();
  const done = tasks.run('import', undefined, ({ onProgress }) => {
    onProgress(7);
    return finish.promise;
  });
  expect(await next(frames)).toMatchObject([{ kind: 'import', devices: 7 }]);
  finish.resolve('result');
  expect(await done).toBe('result');
  expect(await next(frames)).toEqual([]);
});

it('ends a task that is cancelled by its id, by its caller, or because Pushrod closes', async () => {
  const tasks = createTasks();
  const untilAborted = ({ signal }: { signal: AbortSignal }) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const frames = tasks.frames(undefined);
  const caller = new AbortController();
  const byId = tasks.run('edit', undefined, untilAborted);
  const byCaller = tasks.run('remove', caller.signal, untilAborted);
  const byClosing = tasks.run('import', undefined, untilAborted);
  const [first] = (await next(frames)).filter(({ kind }) => kind === 'edit');
  if (first) tasks.cancel(first.id);
  caller.abort(new Error('the reader left'));
  await expect(byId).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(byCaller).rejects.toThrowError('the reader left');
  tasks.end();
  await expect(byClosing).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await tasks.frames(undefined).next()).toEqual({ done: false, value: [] });
});

it('is over when the reader of its pieces leaves', async () => {
  const tasks = createTasks();
  for await (const _ of tasks.stream('export', undefined, async function* () {
    yield 1;
    yield 2;
  })) {
    break;
  }
  expect(await next(tasks.frames(undefined))).toEqual([]);
});
