/** The program of a transfer worker: it delivers and visits as it is told to, and asks before each step. */
import { parentPort } from 'node:worker_threads';
import { fromErrorValue, PushrodError, toErrorValue } from '../../../shared/errors.ts';
import type { HostKeyDecision } from '../../hosts/index.ts';
import { deliverHere, visitHere } from '../deliver-here.ts';
import type { DeliveryObserver, RolledBack } from '../delivery.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** At most this often does a job tell its progress. */
const progressEveryMs = 50;

interface RunningJob {
  abort: AbortController;
  onEntered?: PromiseWithResolvers<void>;
  onHostKey?: PromiseWithResolvers<HostKeyDecision>;
}

const port = parentPort;
if (!port) throw new PushrodError('INTERNAL', 'thread.ts runs as a worker thread only.');
const jobs = new Map<number, RunningJob>();
const tell = (message: FromWorker) => port.postMessage(message);

port.on('message', (message: ToWorker) => {
  if (message.type === 'deliver') {
    return void run(message.jobId, (observer, signal) => deliverHere(message.job, observer, signal));
  }
  if (message.type === 'visit') {
    return void run(message.jobId, async (observer, signal) => {
      await visitHere(message.visit, observer, signal);
      return undefined;
    });
  }
  const running = jobs.get(message.jobId);
  if (!running) return;
  if (message.type === 'cancel') return running.abort.abort();
  const error = message.error && fromErrorValue(message.error);
  if (message.type === 'hostKeyDecided') {
    return running.onHostKey?.resolve(error ? { trusted: false, error } : { trusted: true });
  }
  if (error) running.onEntered?.reject(error);
  else running.onEntered?.resolve();
});

type Work = (observer: DeliveryObserver, signal: AbortSignal) => Promise<RolledBack | undefined>;

async function run(jobId: number, work: Work): Promise<void> {
  const running: RunningJob = { abort: new AbortController() };
  jobs.set(jobId, running);
  const progress = progressTeller(jobId);
  const observer: DeliveryObserver = {
    entering(step, transfer) {
      progress.flush();
      running.onEntered = Promise.withResolvers();
      tell({ type: 'entering', jobId, step, ...(transfer && { transfer }) });
      return running.onEntered.promise;
    },
    progress: progress.tell,
    foundVersion: (version) => tell({ type: 'foundVersion', jobId, version }),
    ran: (ran) => tell({ type: 'ran', jobId, ran }),
    decideHostKey({ host, port }, key) {
      running.onHostKey = Promise.withResolvers();
      tell({ type: 'hostKey', jobId, at: { host, port }, key });
      return running.onHostKey.promise;
    },
  };
  try {
    const rolledBack = await work(observer, running.abort.signal);
    progress.flush();
    if (rolledBack) tell({ type: 'rolledBack', jobId, because: toErrorValue(rolledBack.because) });
    else tell({ type: 'ended', jobId });
  } catch (thrown) {
    progress.flush();
    tell({ type: 'ended', jobId, error: toErrorValue(thrown) });
  } finally {
    jobs.delete(jobId);
  }
}

function progressTeller(jobId: number) {
  let toldAtMs = 0;
  let told = 0;
  let latest = 0;
  let later: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(later);
    later = undefined;
    if (latest === told) return;
    told = latest;
    toldAtMs = performance.now();
    tell({ type: 'progress', jobId, bytesSent: latest });
  };
  return {
    flush,
    tell(bytesSent: number) {
      latest = bytesSent;
      if (performance.now() - toldAtMs >= progressEveryMs) flush();
      // What comes before a silence is told as well.
      else later ??= setTimeout(flush, progressEveryMs);
    },
  };
}
