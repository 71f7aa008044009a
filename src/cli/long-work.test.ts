import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import type { PushrodClient } from '../shared/contract/index.ts';
import { PushrodError } from '../shared/errors.ts';
import type { Task, TaskId } from '../shared/model/index.ts';
import { asLongWork } from './long-work.ts';
import type { Terminal } from './terminal.ts';

const task = (id: string, kind: Task['kind'] = 'import'): Task => ({ id: id as TaskId, kind, devices: 0 });

/** A core whose tasks are those of `frames`, one frame after the other. */
function setUp(frames: Task[][]) {
  const cancelled: string[] = [];
  const notes: string[] = [];
  const client = {
    tasks: {
      watch: async (_: undefined, { signal }: { signal: AbortSignal }) =>
        (async function* () {
          for (const tasks of frames) {
            await turn();
            yield { tasks };
          }
          await once(signal, 'abort');
        })(),
      cancel: async ({ taskId }: { taskId: string }) => void cancelled.push(taskId),
    },
  } as unknown as PushrodClient;
  const terminal = { note: (line: string) => void notes.push(line) } as unknown as Terminal;
  return { client, terminal, cancelled, notes };
}

async function interrupt(): Promise<void> {
  for (let turns = 0; turns < 10; turns++) await turn();
  for (const listener of process.listeners('SIGINT').slice(-1)) listener('SIGINT');
  for (let turns = 0; turns < 10; turns++) await turn();
}

afterEach(() => vi.restoreAllMocks());

it('cancels its own task, not one of the same kind that ran before, and waits for the outcome', async () => {
  const { client, terminal, cancelled, notes } = setUp([[task('theirs')], [task('theirs'), task('own')]]);
  const code = await asLongWork({ client, terminal, kind: 'import' }, async () => {
    await interrupt();
    expect(notes).toEqual(['Cancelling; press Ctrl-C again to leave at once.']);
    throw new PushrodError('CANCELLED', 'It was cancelled on request.');
  });
  expect({ code, cancelled }).toEqual({ code: 130, cancelled: ['own'] });
  expect(notes.at(-1)).toBe('Interrupted; nothing was changed.');
});

it('cancels a task that begins only after Ctrl-C', async () => {
  const { client, terminal, cancelled } = setUp([[], ...Array.from({ length: 15 }, () => []), [task('own')]]);
  await asLongWork({ client, terminal, kind: 'import' }, async () => {
    await interrupt();
    await vi.waitFor(() => expect(cancelled).toEqual(['own']));
  });
});

it('gives the result of work that was done before it could be cancelled', async () => {
  const { client, terminal, notes } = setUp([[], [task('own')]]);
  expect(await asLongWork({ client, terminal, kind: 'import' }, interrupt)).toBe(0);
  expect(notes.at(-1)).toBe('It was done before it could be cancelled.');
});

it('does not take a lost connection for the end of the work', async () => {
  const { client, terminal } = setUp([[], [task('own')]]);
  const lost = Object.assign(new Error('closed'), { name: 'AbortError' });
  const work = async () => {
    await interrupt();
    throw lost;
  };
  await expect(asLongWork({ client, terminal, kind: 'import' }, work)).rejects.toBe(lost);
  const exported = setUp([[]]);
  expect(await asLongWork({ ...exported, kind: 'export' }, work)).toBe(130);
});

it('leaves at once at the second Ctrl-C, and claims nothing', async () => {
  const { client, terminal, notes } = setUp([[], [task('own')]]);
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  await asLongWork({ client, terminal, kind: 'import' }, async () => {
    await interrupt();
    await interrupt();
    expect(exit).toHaveBeenCalledWith(130);
    expect(notes).toContain('Interrupted. It is not known whether anything was changed.');
  });
});
