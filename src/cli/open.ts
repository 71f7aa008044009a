import { setTimeout as delay } from 'node:timers/promises';
import { type App, createApp } from '../main/app.ts';
import {
  connectLocalSocket,
  type LocalConnection,
  type LocalSocket,
  localSocketPath,
  startLocalSocket,
} from '../main/server/index.ts';
import type { PushrodClient } from '../shared/contract/index.ts';
import { PushrodError } from '../shared/errors.ts';
import type { Terminal } from './terminal.ts';

/** A command of another terminal holds the folder for a moment only. */
const patienceMs = 3_000;
const askAgainMs = 50;
/** Enough for another terminal to hear the end of its push (frames are 100 ms apart) and ask for the summary. */
const lastWordsMs = 500;

export interface OpenOptions {
  /**
   * For work that takes a while: other terminals reach the core opened here through its local socket, and what they
   * push is carried to its end. Commands of a moment are waited for instead.
   */
  shared?: boolean | undefined;
  /** For work that may be begun anew when the Pushrod that was asked closes before it is done. */
  repeatable?: boolean | undefined;
  note(line: string): void;
}

/**
 * Runs `work` with a client of the data folder's core: opened here, or, when another Pushrod holds the folder, that
 * one's through its local socket.
 * @throws PushrodError `DATA_FOLDER_IN_USE` when the holder does not answer, `DATA_FOLDER_TOO_NEW`
 */
export async function withClient<T>({ dataDir, registry }: Place, work: Work<T>, options: OpenOptions): Promise<T> {
  const giveUpAtMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await workHere(await createApp({ dataDir, registry }), dataDir, work, options);
    } catch (thrown) {
      if (!(thrown instanceof PushrodError) || thrown.code !== 'DATA_FOLDER_IN_USE') throw thrown;
      const connection = await connectLocalSocket(localSocketPath(dataDir));
      const outcome = connection ? await workThere(connection, registry, work) : undefined;
      if (outcome?.done) return outcome.result;
      if (outcome && !options.repeatable) throw outcome.lost;
      if (!outcome && performance.now() >= giveUpAtMs) throw thrown;
    }
    await delay(askAgainMs);
  }
}

type Place = Pick<Terminal, 'dataDir' | 'registry'>;
type Work<T> = (client: PushrodClient) => Promise<T>;

async function workHere<T>(app: App, dataDir: string, work: Work<T>, { shared, note }: OpenOptions): Promise<T> {
  let socket: LocalSocket | undefined;
  let stopping = false;
  const onStop = () => {
    stopping = true;
    void app.close();
  };
  process.once('SIGTERM', onStop).once('SIGHUP', onStop);
  try {
    if (shared) socket = await startLocalSocket({ app, path: localSocketPath(dataDir) });
    const client = app.client('terminal');
    const result = await work(client);
    if (shared && !stopping) await carryOthers(client, note);
    return result;
  } finally {
    process.off('SIGTERM', onStop).off('SIGHUP', onStop);
    await socket?.close();
    await app.close();
  }
}

type Outcome<T> = { done: true; result: T } | { done: false; lost: PushrodError };

async function workThere<T>(
  { client, close }: LocalConnection,
  registry: string | undefined,
  work: Work<T>,
): Promise<Outcome<T>> {
  try {
    if (registry) await requireRegistry(client, registry);
    return { done: true, result: await work(client) };
  } catch (thrown) {
    if (!isLostConnection(thrown)) throw thrown;
    const message = 'The Pushrod that held the data folder has closed. A push it ran goes on with updates resume.';
    return { done: false, lost: new PushrodError('DATA_FOLDER_IN_USE', message, [], { cause: thrown }) };
  } finally {
    close();
  }
}

/** The Pushrod that holds the data folder may keep its devices elsewhere than this command was told. */
async function requireRegistry(client: PushrodClient, registry: string): Promise<void> {
  const { place } = await client.registry.status();
  const asked = new URL(registry);
  asked.password = '';
  if (place === asked.href) return;
  throw new PushrodError('DATA_FOLDER_IN_USE', `The Pushrod that uses this data folder keeps its devices in ${place}.`);
}

/** What oRPC throws when the connection ends under a call, or had ended before it. */
function isLostConnection(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return thrown.name === 'AbortError' || thrown.message.includes('WebSocket is not open');
}

/** Pushes that other terminals started run in this process, so it stays until they have ended. */
async function carryOthers(client: PushrodClient, note: (line: string) => void): Promise<void> {
  for (let carried = false; ; carried = true) {
    const running = (await client.updates.list()).updates.find(({ state }) => state === 'running');
    if (!running) return carried ? delay(lastWordsMs) : undefined;
    note(`Staying until another terminal's push (${running.name}) has ended.`);
    for await (const _ of await client.updates.watch({ updateId: running.id }));
  }
}
