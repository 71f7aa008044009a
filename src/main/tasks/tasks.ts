import { randomUUID } from 'node:crypto';
import { PushrodError } from '../../shared/errors.ts';
import type { Task, TaskId } from '../../shared/model/index.ts';
import { createFeed } from '../feed/index.ts';

/** What a task works with. */
export interface TaskContext {
  signal: AbortSignal;
  onProgress(devices: number): void;
}

/** Long work under way: anyone can see how far it is, and end it. */
export interface Tasks {
  /** Runs `work` as a task; it ends early when it is cancelled here or `signal` aborts. */
  run<T>(kind: Task['kind'], signal: AbortSignal | undefined, work: (context: TaskContext) => Promise<T>): Promise<T>;
  /** The same for work whose result comes piece by piece. */
  stream<T>(
    kind: Task['kind'],
    signal: AbortSignal | undefined,
    work: (context: TaskContext) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, void>;
  /** All tasks at once, then again whenever one of them changed. */
  frames(signal: AbortSignal | undefined): AsyncGenerator<Task[], void, void>;
  /** A task that has ended stays as it is. */
  cancel(id: TaskId): void;
  /** Cancels what runs and ends all frames. */
  end(): void;
}

export function createTasks(): Tasks {
  const running = new Map<TaskId, { task: Task; abort: AbortController }>();
  const feed = createFeed<TaskId>();

  const start = (kind: Task['kind'], outer: AbortSignal | undefined) => {
    const task: Task = { id: randomUUID() as TaskId, kind, devices: 0 };
    const abort = new AbortController();
    running.set(task.id, { task, abort });
    feed.mark(task.id);
    const context: TaskContext = {
      signal: outer ? AbortSignal.any([outer, abort.signal]) : abort.signal,
      onProgress(devices) {
        task.devices = devices;
        feed.mark(task.id);
      },
    };
    const end = () => {
      running.delete(task.id);
      feed.mark(task.id);
    };
    return { context, end };
  };
  const all = () => [...running.values()].map(({ task }) => ({ ...task }));

  return {
    async run(kind, signal, work) {
      const { context, end } = start(kind, signal);
      try {
        return await work(context);
      } finally {
        end();
      }
    },
    async *stream(kind, signal, work) {
      const { context, end } = start(kind, signal);
      try {
        yield* work(context);
      } finally {
        end();
      }
    },
    async *frames(signal) {
      const frames = feed.frames(signal);
      yield all();
      for await (const _ of frames) yield all();
    },
    cancel: (id) => running.get(id)?.abort.abort(new PushrodError('CANCELLED', 'It was cancelled on request.')),
    end() {
      for (const { abort } of running.values()) abort.abort(new PushrodError('CANCELLED', 'Pushrod is closing.'));
      feed.end();
    },
  };
}
