import { fromErrorValue, type PushrodError } from '../../../shared/errors.ts';
import type { LongWork } from '../devices.ts';
import type { FromThread, ToThread } from './protocol.ts';
import type { RegistryWork } from './work.ts';

type Name = keyof RegistryWork;
type Input<N extends Name> = Parameters<RegistryWork[N]>[0];
type Answer<N extends Name> = Awaited<ReturnType<RegistryWork[N]>>;
type Piece<N extends Name> = ReturnType<RegistryWork[N]> extends AsyncIterable<infer T> ? T : never;

interface Waiting {
  onPiece(value: unknown): void;
  onProgress(devices: number): void;
  resolve(value: unknown): void;
  reject(error: PushrodError): void;
}

/** Calls under way to the registry's thread. */
export interface Calls {
  call<N extends Name>(name: N, input: Input<N>, work?: LongWork): Promise<Answer<N>>;
  /** The pieces of an answer, one under way at a time. Leaving the loop early ends the call. */
  stream<N extends Name>(name: N, input: Input<N>, work?: LongWork): AsyncGenerator<Piece<N>, void, void>;
  receive(message: Extract<FromThread, { callId: number }>): void;
  /** The thread is gone: every call under way, and every later one, fails. */
  fail(error: PushrodError): void;
}

export function createCalls(send: (message: ToThread) => void): Calls {
  const waiting = new Map<number, Waiting>();
  let lastCallId = 0;
  let gone: PushrodError | undefined;

  /** Starts a call; what it ends with comes back, after all of its pieces. */
  const start = (name: Name, input: unknown, work: LongWork, onPiece: (value: unknown) => void) => {
    lastCallId += 1;
    const callId = lastCallId;
    const cancel = () => send({ type: 'cancel', callId });
    const ended = new Promise<unknown>((resolve, reject) => {
      if (gone) return reject(gone);
      waiting.set(callId, { onPiece, onProgress: (devices) => work.onProgress?.(devices), resolve, reject });
      send({ type: 'call', callId, name, input } as ToThread);
      if (work.signal?.aborted) cancel();
      work.signal?.addEventListener('abort', cancel);
    }).finally(() => {
      waiting.delete(callId);
      work.signal?.removeEventListener('abort', cancel);
    });
    return { callId, ended, cancel };
  };

  return {
    call: (name, input, work = {}) => start(name, input, work, () => undefined).ended as Promise<never>,
    async *stream(name, input, work = {}) {
      let arrived = Promise.withResolvers<{ value: unknown } | undefined>();
      const { callId, ended, cancel } = start(name, input, work, (value) => arrived.resolve({ value }));
      ended.then(
        () => arrived.resolve(undefined),
        (error) => arrived.reject(error),
      );
      let isDone = false;
      try {
        for (;;) {
          const piece = await arrived.promise.catch((error) => {
            isDone = true;
            throw error;
          });
          if (!piece) {
            isDone = true;
            return;
          }
          arrived = Promise.withResolvers();
          arrived.promise.catch(() => undefined);
          yield piece.value as never;
          send({ type: 'next', callId });
        }
      } finally {
        if (!isDone) cancel();
        await ended.catch(() => undefined);
      }
    },
    receive(message) {
      const call = waiting.get(message.callId);
      if (message.type === 'piece') call?.onPiece(message.value);
      else if (message.type === 'progress') call?.onProgress(message.devices);
      else if (message.error) call?.reject(fromErrorValue(message.error));
      else call?.resolve(message.value);
    },
    fail(error) {
      gone ??= error;
      for (const call of waiting.values()) call.reject(error);
    },
  };
}
