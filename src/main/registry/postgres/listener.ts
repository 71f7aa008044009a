import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { PushrodError } from '../../../shared/errors.ts';
import { toRegistryError } from './faults.ts';
import type { Target } from './target.ts';
import { channel } from './writer.ts';

/** What a listener tells. */
export interface ListenerEvents {
  /** Someone changed devices. `sender` is what the one who did passed with it. */
  onNotification(sender: string): void;
  /** The link to the server is gone; until `onBack` notifications are missed. */
  onLost(error: PushrodError): void;
  /** It did not come back at the first try, or had fallen silent: what waits for the server waits in vain. */
  onSilent(): void;
  onBack(): void;
}

/**
 * The server is asked this often whether it is still there, and given as long to answer, so that a link that hangs is
 * noticed as one that is cut is.
 */
const defaultHeartbeatMs = 5_000;
const firstRetryMs = 250;
const lastRetryMs = 5_000;
const goodbyeMs = 1_000;

/**
 * Listens on a connection of its own, and connects again, for ever, when that breaks.
 * @throws PushrodError when the first connection cannot be made
 */
export async function startListener(
  target: Target,
  events: ListenerEvents,
  heartbeatMs = defaultHeartbeatMs,
): Promise<{ close(): Promise<void> }> {
  const closing = new AbortController();
  let client = await connect(target, events.onNotification);
  let stopHeartbeat: () => void;
  watch(client);

  function watch(watched: Client): void {
    let isLost = false;
    const lose = (error: unknown) => {
      if (isLost || closing.signal.aborted) return;
      isLost = true;
      stopHeartbeat();
      events.onLost(toRegistryError(error, target));
      watched.end().catch(() => undefined);
      void reconnect();
    };
    stopHeartbeat = startHeartbeat(watched, heartbeatMs, (error) => {
      lose(error);
      events.onSilent();
    });
    watched.on('error', lose);
    watched.on('end', () => lose(new Error('the server closed the connection')));
  }

  async function reconnect(): Promise<void> {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(2 * waitMs, lastRetryMs)) {
      try {
        await pause(waitMs, undefined, { signal: closing.signal, ref: false });
        client = await connect(target, events.onNotification);
        break;
      } catch {
        if (closing.signal.aborted) return;
        events.onSilent();
      }
    }
    if (closing.signal.aborted) return void client.end();
    watch(client);
    events.onBack();
  }

  return {
    async close() {
      closing.abort();
      stopHeartbeat();
      // A link that hangs does not say goodbye.
      await Promise.race([client.end(), pause(goodbyeMs, undefined, { ref: false })]);
    },
  };
}

async function connect(target: Target, onNotification: (sender: string) => void): Promise<Client> {
  const client = new Client(target.config);
  client.on('error', () => undefined);
  client.on('notification', ({ payload = '' }) => onNotification(payload));
  try {
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    return client;
  } catch (thrown) {
    client.end().catch(() => undefined);
    throw toRegistryError(thrown, target);
  }
}

/** Returns what stops it. */
function startHeartbeat(client: Client, everyMs: number, onSilent: (error: Error) => void): () => void {
  let isWaiting = false;
  let timer: NodeJS.Timeout;
  const beat = () => {
    isWaiting = true;
    client.query('SELECT').then(
      () => {
        isWaiting = false;
        clearTimeout(timer);
        schedule(beat, everyMs);
      },
      () => undefined,
    );
    // An answer that came while this thread was busy is read before the server is called silent.
    schedule(() => setImmediate(() => isWaiting && onSilent(new Error('it does not answer'))), everyMs);
  };
  const schedule = (work: () => void, afterMs: number) => {
    timer = setTimeout(work, afterMs).unref();
  };
  schedule(beat, everyMs);
  return () => clearTimeout(timer);
}
