import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type ErrorValue, fromErrorValue, PushrodError, toErrorValue } from '../../../shared/errors.ts';
import type { Delivery, DeliveryObserver, RolledBack, VisitObserver } from '../delivery.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

interface RunningJob {
  observer: DeliveryObserver;
  ended: PromiseWithResolvers<RolledBack | undefined>;
}

interface TransferWorker {
  worker: Worker;
  jobs: Map<number, RunningJob>;
}

/** More keep a usual laptop's disk and network no busier. */
const mostWorkers = 4;

/** Far more than 32 devices need: a fault ends the worker before it takes the memory of the laptop. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };

/** As many workers as cores, less the one of the main thread. */
const workersFor = (cores: number) => Math.min(mostWorkers, Math.max(1, cores - 1));

/**
 * Delivers in worker threads, which are started as they are needed. A worker that crashes fails only its own devices
 * (`WORKER_CRASHED`, retryable) and is replaced by the next job.
 */
export function createWorkerDelivery(entry: URL, most = workersFor(availableParallelism())): Delivery {
  const workers = new Set<TransferWorker>();
  let lastJobId = 0;

  const begin = (): TransferWorker => {
    const started: TransferWorker = { worker: new Worker(entry, { resourceLimits }), jobs: new Map() };
    const crash = (reason: string) => {
      workers.delete(started);
      const error = new PushrodError('WORKER_CRASHED', `A transfer worker stopped: ${reason}.`);
      for (const job of started.jobs.values()) job.ended.reject(error);
      started.jobs.clear();
    };
    started.worker.on('message', (message: FromWorker) => receive(started, message));
    started.worker.on('error', (thrown) => crash(thrown instanceof Error ? thrown.message : String(thrown)));
    started.worker.on('exit', (code) => crash(`exit code ${code}`));
    workers.add(started);
    return started;
  };
  const leastBusy = (): TransferWorker => {
    const [idlest] = [...workers].sort((a, b) => a.jobs.size - b.jobs.size);
    return idlest && (idlest.jobs.size === 0 || workers.size >= most) ? idlest : begin();
  };

  const run = async (
    start: (jobId: number) => ToWorker,
    observer: DeliveryObserver,
    signal: AbortSignal,
  ): Promise<RolledBack | undefined> => {
    const target = leastBusy();
    const jobId = ++lastJobId;
    const ended = Promise.withResolvers<RolledBack | undefined>();
    target.jobs.set(jobId, { observer, ended });
    const cancel = () => send(target, { type: 'cancel', jobId });
    send(target, start(jobId));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel);
    try {
      return await ended.promise;
    } finally {
      signal.removeEventListener('abort', cancel);
      target.jobs.delete(jobId);
    }
  };

  return {
    deliver: (job, observer, signal) => run((jobId) => ({ type: 'deliver', jobId, job }), observer, signal),
    async visit(visit, observer, signal) {
      await run((jobId) => ({ type: 'visit', jobId, visit }), { ...noSteps, ...observer }, signal);
    },
    async close() {
      await Promise.all([...workers].map(({ worker }) => worker.terminate()));
    },
  };
}

/** A visit has no steps, sends no bytes and runs no command of its own. */
const noSteps: Omit<DeliveryObserver, keyof VisitObserver> = {
  entering: async () => undefined,
  progress: () => undefined,
  ran: () => undefined,
};

const send = (target: TransferWorker, message: ToWorker) => target.worker.postMessage(message);

function receive(from: TransferWorker, message: FromWorker): void {
  const { jobId } = message;
  const job = from.jobs.get(jobId);
  if (!job) return;
  if (message.type === 'progress') {
    job.observer.progress(message.bytesSent);
  } else if (message.type === 'entering') {
    void answer(job.observer.entering(message.step, message.transfer), (error) =>
      send(from, { type: 'entered', jobId, ...error }),
    );
  } else if (message.type === 'hostKey') {
    const decided = job.observer.decideHostKey(message.at, Buffer.from(message.key)).then((decision) => {
      if (!decision.trusted) throw decision.error;
    });
    void answer(decided, (error) => send(from, { type: 'hostKeyDecided', jobId, ...error }));
  } else if (message.type === 'foundVersion') {
    job.observer.foundVersion(message.version);
  } else if (message.type === 'ran') {
    job.observer.ran(message.ran);
  } else if (message.type === 'rolledBack') {
    job.ended.resolve({ because: fromErrorValue(message.because) });
  } else if (message.error) {
    job.ended.reject(fromErrorValue(message.error));
  } else {
    job.ended.resolve(undefined);
  }
}

/** Tells the worker how a question to the main side was answered. */
async function answer(question: Promise<void>, reply: (outcome: { error?: ErrorValue }) => void): Promise<void> {
  try {
    await question;
    reply({});
  } catch (thrown) {
    reply({ error: toErrorValue(thrown) });
  }
}
