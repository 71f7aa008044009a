import type { PushrodClient } from '../shared/contract/index.ts';
import type { Task, TaskId } from '../shared/model/index.ts';
import { fromClient } from './failure.ts';
import type { Terminal } from './terminal.ts';
import { devicesOf } from './units.ts';
import { interrupted } from './until-stopped.ts';

export interface LongWork {
  client: PushrodClient;
  terminal: Terminal;
  /** The task that the core makes of the work, by which it is cancelled; without one it cannot be. */
  kind?: Task['kind'] | undefined;
}

/**
 * Runs a call that may take a while: shows how far it is at a terminal. Ctrl-C asks the core to cancel it, and what the
 * call then gives is what happened: the work may have been done before. A second Ctrl-C leaves at once.
 * @param work does not end its call by itself when `signal` aborts (at Ctrl-C), unless it changes nothing
 * @returns the exit code: 130 when it was interrupted
 */
export async function asLongWork(
  { client, terminal, kind }: LongWork,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const interrupt = new AbortController();
  const ended = new AbortController();
  const onInterrupt = () => {
    if (interrupt.signal.aborted) {
      const leftOpen = kind === 'export' ? '' : ' It is not known whether anything was changed.';
      terminal.note(`Interrupted.${leftOpen}`);
      process.exit(interrupted);
    }
    const said = kind === undefined ? 'This cannot be cancelled' : 'Cancelling';
    terminal.note(`${said}; press Ctrl-C again to leave at once.`);
    interrupt.abort();
  };
  process.on('SIGINT', onInterrupt);
  const following = followTask(client, kind, interrupt.signal, ended.signal);
  try {
    await following.started;
    await work(interrupt.signal);
    if (interrupt.signal.aborted) terminal.note('It was done before it could be cancelled.');
    return 0;
  } catch (thrown) {
    if (!interrupt.signal.aborted) throw thrown;
    if (kind !== 'export' && fromClient(thrown).code !== 'CANCELLED') throw thrown;
    terminal.note(`Interrupted; ${kind === 'check' ? 'what was seen is kept' : 'nothing was changed'}.`);
    return interrupted;
  } finally {
    process.off('SIGINT', onInterrupt);
    ended.abort();
    await following.done;
  }
}

/**
 * Shows the tasks under way, and cancels the one that begins after `started` once `interrupt` aborts: tasks of the same
 * kind that run already are of other terminals.
 */
function followTask(
  client: PushrodClient,
  kind: Task['kind'] | undefined,
  interrupt: AbortSignal,
  ended: AbortSignal,
): { started: Promise<void>; done: Promise<void> } {
  const started = Promise.withResolvers<void>();
  let own: TaskId | undefined;
  const cancel = () => {
    if (own !== undefined) client.tasks.cancel({ taskId: own }).catch(() => undefined);
  };
  const follow = async () => {
    let others: Set<TaskId> | undefined;
    for await (const { tasks } of await client.tasks.watch(undefined, { signal: ended })) {
      others ??= new Set(tasks.map(({ id }) => id));
      started.resolve();
      if (own === undefined) {
        own = tasks.find((task) => task.kind === kind && !others?.has(task.id))?.id;
        if (interrupt.aborted) cancel();
      }
      show(tasks);
    }
  };
  interrupt.addEventListener('abort', cancel);
  const done = follow()
    // The work itself says what went wrong.
    .catch(() => undefined)
    .finally(() => {
      started.resolve();
      interrupt.removeEventListener('abort', cancel);
      clear();
    });
  return { started: started.promise, done };
}

function show(tasks: Task[]): void {
  const said = tasks.map(({ kind, devices }) => `${kind}: ${devices.toLocaleString('en')} ${devicesOf(devices)}`);
  clear();
  if (process.stderr.isTTY) process.stderr.write(said.join('  '));
}

function clear(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
