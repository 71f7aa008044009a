/** The program of the registry's thread: it opens a registry and does what it is told. */
import { parentPort, workerData } from 'node:worker_threads';
import { PushrodError, toErrorValue } from '../../../shared/errors.ts';
import { openPlace } from './open-place.ts';
import type { FromThread, RegistryPlace, ToThread } from './protocol.ts';
import { type CallContext, createRegistryWork, type RegistryWork } from './work.ts';

/** At most this often does a call tell its progress. */
const progressEveryMs = 100;

interface RunningCall {
  abort: AbortController;
  wanted?: PromiseWithResolvers<void>;
}

const port = parentPort;
if (!port) throw new PushrodError('INTERNAL', 'thread.ts runs as a worker thread only.');
const tell = (message: FromThread) => port.postMessage(message);
const calls = new Map<number, RunningCall>();

async function serve(place: RegistryPlace): Promise<void> {
  const opened = await openPlace(place, {
    onChange: () => tell({ type: 'changed' }),
    onStatus: (status) => tell({ type: 'status', status }),
  });
  const work = createRegistryWork(opened.registry, opened.leases, (leaseId) => tell({ type: 'leaseLost', leaseId }));
  port?.on('message', (message: ToThread) => {
    if (message.type === 'call') return void answer(work, message);
    if (message.type === 'close') return void opened.close().finally(() => port.close());
    const call = calls.get(message.callId);
    if (message.type === 'next') call?.wanted?.resolve();
    else call?.abort.abort(new PushrodError('CANCELLED', 'It was cancelled; nothing was changed.'));
  });
  tell({ type: 'opened' });
}

async function answer(work: RegistryWork, { callId, name, input }: Extract<ToThread, { type: 'call' }>): Promise<void> {
  const call: RunningCall = { abort: new AbortController() };
  calls.set(callId, call);
  const context: CallContext = { signal: call.abort.signal, onProgress: progressTeller(callId) };
  try {
    const run = work[name] as (input: unknown, context: CallContext) => Promise<unknown> | AsyncIterable<unknown>;
    const answered = run(input, context);
    if (Symbol.asyncIterator in answered) await tellPieces(callId, call, answered);
    else tell({ type: 'ended', callId, value: await answered });
  } catch (thrown) {
    tell({ type: 'ended', callId, error: toErrorValue(thrown) });
  } finally {
    calls.delete(callId);
  }
}

/** One piece is under way at a time, so a slow reader holds up the source instead of filling the memory. */
async function tellPieces(callId: number, call: RunningCall, pieces: AsyncIterable<unknown>): Promise<void> {
  const { signal } = call.abort;
  const wanted = () => {
    call.wanted = Promise.withResolvers();
    if (signal.aborted) call.wanted.reject(signal.reason);
    return call.wanted.promise;
  };
  signal.addEventListener('abort', () => call.wanted?.reject(signal.reason));
  for await (const value of pieces) {
    const taken = wanted();
    tell({ type: 'piece', callId, value });
    await taken;
  }
  tell({ type: 'ended', callId });
}

function progressTeller(callId: number): (devices: number) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (devices) => {
    const nowMs = performance.now();
    if (nowMs - toldAtMs < progressEveryMs) return;
    toldAtMs = nowMs;
    tell({ type: 'progress', callId, devices });
  };
}

serve(workerData as RegistryPlace).catch((thrown) => tell({ type: 'refused', error: toErrorValue(thrown) }));
