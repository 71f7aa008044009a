/** The program of the registry's thread: it opens a registry and does what it is told. */
import { parentPort, workerData } from 'node:worker_threads';
import { PushrodError, toErrorValue } from '../../../shared/errors.ts';
import { type Opening, openPatiently } from './open-patiently.ts';
import { openPlace, type PlaceEvents } from './open-place.ts';
import { createOutbox } from './outbox.ts';
import type { FromThread, ThreadData, ToThread } from './protocol.ts';
import { type CallContext, createRegistryWork, type RegistryWork } from './work.ts';

/** At most this often does a call tell its progress. */
const progressEveryMs = 100;

interface RunningCall {
  abort: AbortController;
  over: PromiseWithResolvers<void>;
  wanted?: PromiseWithResolvers<void>;
}

const port = parentPort;
if (!port) throw new PushrodError('INTERNAL', 'thread.ts runs as a worker thread only.');
const tell = (message: FromThread) => port.postMessage([message]);
const ends = createOutbox<FromThread>((messages) => port.postMessage(messages));
const calls = new Map<number, RunningCall>();

async function serve({ place, patient }: ThreadData): Promise<void> {
  const events: PlaceEvents = {
    onChange: () => tell({ type: 'changed' }),
    onMigrating: (done, steps) => tell({ type: 'migrating', done, steps }),
    onStatus: (status) => tell({ type: 'status', status }),
  };
  const opening = patient ? openPatiently(place, events) : { opened: await openPlace(place, events) };
  let work: RegistryWork | undefined;
  const hear = (message: ToThread) => {
    if (message.type === 'call') {
      const { opened } = opening;
      if (!opened) return ends.say({ type: 'ended', callId: message.callId, error: toErrorValue(opening.refused) });
      work ??= createRegistryWork(opened, (leaseId) => tell({ type: 'leaseLost', leaseId }));
      return void answer(work, opened.explain, message);
    }
    if (message.type === 'close') return void close(opening);
    const call = calls.get(message.callId);
    if (message.type === 'next') call?.wanted?.resolve();
    else call?.abort.abort(new PushrodError('CANCELLED', 'It was cancelled; nothing was changed.'));
  };
  port?.on('message', (messages: ToThread[]) => messages.forEach(hear));
  tell({ type: 'opened' });
}

async function close(opening: Opening): Promise<void> {
  opening.stop?.();
  for (const { abort } of calls.values()) abort.abort(new PushrodError('CANCELLED', 'Pushrod is closing.'));
  await Promise.all([...calls.values()].map(({ over }) => over.promise));
  try {
    await opening.opened?.close();
  } finally {
    ends.flush();
    port?.close();
  }
}

async function answer(
  work: RegistryWork,
  explain: (thrown: unknown) => unknown,
  { callId, name, input }: Extract<ToThread, { type: 'call' }>,
): Promise<void> {
  const call: RunningCall = { abort: new AbortController(), over: Promise.withResolvers() };
  calls.set(callId, call);
  const context: CallContext = { signal: call.abort.signal, onProgress: progressTeller(callId) };
  try {
    const run = work[name] as (input: unknown, context: CallContext) => Promise<unknown> | AsyncIterable<unknown>;
    const answered = run(input, context);
    if (Symbol.asyncIterator in answered) await tellPieces(callId, call, answered);
    else ends.say({ type: 'ended', callId, value: await answered });
  } catch (thrown) {
    ends.say({ type: 'ended', callId, error: toErrorValue(explain(thrown)) });
  } finally {
    call.over.resolve();
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
  ends.say({ type: 'ended', callId });
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

serve(workerData as ThreadData).catch((thrown) => tell({ type: 'refused', error: toErrorValue(thrown) }));
