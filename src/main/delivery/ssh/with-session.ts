import { setTimeout as pause } from 'node:timers/promises';
import { PushrodError } from '../../../shared/errors.ts';
import { deviceText } from '../device-text.ts';
import type { SshConnection } from './connection.ts';

/** A device counts a session until it has cleared away its process, which may be after it closed the channel. */
const clearing = { everyMs: 50, mostMs: 2_000 };

/**
 * Opens a session. Where the device refuses it because another one is open, that one is given up first, or has ended a
 * moment ago. Rejects with `DEVICE_ERROR` when it is refused all the same.
 */
export async function withSession<T>(connection: SshConnection, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    await connection.yieldSession?.();
    return whenFree(open);
  }
}

/** Opens a session as soon as the one before it is cleared away. Rejects with `DEVICE_ERROR` when that does not happen. */
export async function whenFree<T>(open: () => Promise<T>): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += clearing.everyMs) {
    try {
      return await open();
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      if (waitedMs >= clearing.mostMs) throw refused(thrown);
      await pause(clearing.everyMs);
    }
  }
}

/** ssh2 gives the reason of RFC 4254 5.1 with a refused channel, and with nothing else. */
const isRefusal = (thrown: unknown): thrown is Error => typeof (thrown as { reason?: unknown }).reason === 'number';

function refused(cause: Error): PushrodError {
  const why = deviceText(cause.message.replace('(SSH) Channel open failure: ', ''));
  return new PushrodError('DEVICE_ERROR', `The device opens no further session: ${why}.`, [], { cause });
}
