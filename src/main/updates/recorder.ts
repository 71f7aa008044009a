import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ErrorValue, fromErrorValue, PushrodError, toErrorValue } from '../../shared/errors.ts';
import type { Entry, Written } from './record-writer.ts';

/** Puts what happens to devices on record, in a thread of its own; what happens at one moment shares a commit. */
export interface Recorder {
  /** Fulfilled when it is on the disk. */
  put(entry: Entry): Promise<void>;
  /** Fulfilled when all that was put is on the disk, or could not be. */
  close(): Promise<void>;
}

/** What the thread answers to each batch. */
export type FromRecordThread = { written: Written } | { failed: ErrorValue };

interface Waiting {
  entry: Entry;
  done: PromiseWithResolvers<void>;
}

/** So many share a commit at most: while these are written, those of the batch before go on to their next step. */
const mostInBatch = 500;

/** While one is written, the next lies ready. */
const mostUnderWay = 2;

const isSource = import.meta.url.endsWith('.ts');
const threadEntry = new URL(isSource ? './record-thread.ts' : './record.js', import.meta.url);

/** The thread is started with the first entry. */
export function createRecorder(databaseFile: string): Recorder {
  let gathered: Waiting[] = [];
  const underWay: Waiting[][] = [];
  let worker: Worker | undefined;

  const start = () => {
    const started = new Worker(threadEntry, { workerData: databaseFile });
    let reason = 'it ended';
    started.on('message', (answer: FromRecordThread) => {
      settle(underWay.shift() ?? [], answer);
      send();
    });
    started.on('error', (thrown) => {
      reason = thrown instanceof Error ? thrown.message : String(thrown);
    });
    started.on('exit', () => {
      worker = undefined;
      const failed = toErrorValue(new PushrodError('INTERNAL', `The journal's thread stopped: ${reason}.`));
      for (const batch of underWay.splice(0)) settle(batch, { failed });
      send();
    });
    return started;
  };
  const send = () => {
    while (gathered.length > 0 && underWay.length < mostUnderWay) {
      const batch = gathered.slice(0, mostInBatch);
      gathered = gathered.slice(mostInBatch);
      underWay.push(batch);
      worker ??= start();
      worker.postMessage(batch.map(({ entry }) => entry));
    }
  };

  return {
    put(entry) {
      const done = Promise.withResolvers<void>();
      if (gathered.length === 0) setImmediate(send);
      gathered.push({ entry, done });
      return done.promise;
    },
    async close() {
      await Promise.allSettled([...underWay.flat(), ...gathered].map(({ done }) => done.promise));
      if (!worker) return;
      worker.postMessage('close');
      await once(worker, 'exit');
    },
  };
}

function settle(batch: Waiting[], answer: FromRecordThread): void {
  for (const [nth, { done }] of batch.entries()) {
    const error = 'failed' in answer ? answer.failed : answer.written[nth];
    if (error) done.reject(fromErrorValue(error));
    else done.resolve();
  }
}
