import { setTimeout as delay } from 'node:timers/promises';
import { type App, type AppConfig, createApp } from '../main/app.ts';
import {
  connectLocalSocket,
  type LocalConnection,
  type LocalSocket,
  localSocketPath,
  startLocalSocket,
} from '../main/server/index.ts';
import type { PushrodClient } from '../shared/contract/index.ts';
import { PushrodError } from '../shared/errors.ts';
import { type Task, type Update, type UpdateId, waitsForWindow } from '../shared/model/index.ts';
import { isSameDatabase, withoutSecrets } from './same-database.ts';
import type { Terminal } from './terminal.ts';
import { orStopped } from './until-stopped.ts';

/** A command of another terminal holds the folder for a moment only. */
const patienceMs = 10_000;
const askAgainMs = 50;
/** How long other terminals, after the end of their push, may take to ask for the summary and leave. */
const graceMs = 2_000;
/** The same, and the time for the last words of a command, when this process was told to end. */
const lastWordsMs = 500;

export interface OpenOptions {
  /**
   * For work that takes a while: other terminals reach the core opened here through its local socket, and what they
   * start is carried to its end. Commands of a moment are waited for instead.
   */
  shared?: boolean | undefined;
  /** For work that may be begun anew when the Pushrod that was asked closes before it is done. */
  repeatable?: boolean | undefined;
  /** For work that is about the choice of a registry: it must not need the one that was chosen. */
  withoutRegistry?: boolean | undefined;
  note(line: string): void;
}

/**
 * Runs `work` with a client of the data folder's core: opened here, or, when another Pushrod holds the folder, that
 * one's through its local socket.
 * @returns what the work gave, or 130 when the process was told to end
 * @throws PushrodError `DATA_FOLDER_IN_USE` when the holder does not answer, `DATA_FOLDER_TOO_NEW`
 */
export async function withClient<T>(
  { dataDir, registry }: Place,
  work: Work<T>,
  options: OpenOptions,
): Promise<T | number> {
  const giveUpAtMs = performance.now() + patienceMs;
  for (;;) {
    try {
      const { withoutRegistry = false, note } = options;
      const app = await createApp({ dataDir, registry, withoutRegistry, onMigrating: tellMigrating(note) });
      return await workHere(app, dataDir, work, options);
    } catch (thrown) {
      if (!isInUse(thrown)) throw thrown;
      const connection = await connectLocalSocket(localSocketPath(dataDir));
      const outcome = connection ? await workThere(connection, registry, work) : undefined;
      if (outcome?.done) return outcome.result;
      if (outcome && !options.repeatable) throw outcome.lost;
      if (!outcome && performance.now() >= giveUpAtMs) throw thrown;
    }
    await delay(askAgainMs);
  }
}

/**
 * Opens the core for as long as it is needed; a command of another terminal that holds the folder is waited for.
 * @throws PushrodError `DATA_FOLDER_IN_USE`, `DATA_FOLDER_TOO_NEW`
 */
export async function openPatiently(config: AppConfig): Promise<App> {
  const giveUpAtMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await createApp(config);
    } catch (thrown) {
      if (!isInUse(thrown) || performance.now() >= giveUpAtMs) throw thrown;
    }
    await delay(askAgainMs);
  }
}

/** A large registry takes a while to bring to a newer schema. */
export const tellMigrating = (note: (line: string) => void) => (done: number, steps: number) =>
  note(`Bringing the data folder up to date: ${done} of ${steps} steps done, after a backup.`);

const isInUse = (thrown: unknown) => thrown instanceof PushrodError && thrown.code === 'DATA_FOLDER_IN_USE';

type Place = Pick<Terminal, 'dataDir' | 'registry'>;
type Work<T> = (client: PushrodClient, signal: AbortSignal) => Promise<T>;

async function workHere<T>(
  app: App,
  dataDir: string,
  work: Work<T>,
  { shared, note }: OpenOptions,
): Promise<T | number> {
  const socket = shared
    ? await startLocalSocket({ app, path: localSocketPath(dataDir) }).catch(closing(app))
    : undefined;
  const client = app.client('terminal');
  const carriedOn = async (signal: AbortSignal) => {
    const result = await work(client, signal);
    if (socket && !signal.aborted) await carryOthers(client, socket, note);
    return result;
  };
  try {
    return await orStopped(carriedOn, () => app.close(), lastWordsMs);
  } finally {
    await socket?.drain(lastWordsMs);
    await socket?.close();
    await app.close();
  }
}

const closing = (app: App) => async (thrown: unknown) => {
  await app.close();
  throw thrown;
};

type Outcome<T> = { done: true; result: T | number } | { done: false; lost: PushrodError };

async function workThere<T>(
  { client, close }: LocalConnection,
  registry: string | undefined,
  work: Work<T>,
): Promise<Outcome<T>> {
  try {
    if (registry) await requireRegistry(client, registry);
    const result = await orStopped(
      (signal) => work(client, signal),
      async () => close(),
      lastWordsMs,
    );
    return { done: true, result };
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
  if (isSameDatabase(place, registry)) return;
  const message = `The Pushrod that uses this data folder keeps its devices in ${withoutSecrets(place)}.`;
  throw new PushrodError('DATA_FOLDER_IN_USE', message);
}

/** What oRPC throws when the connection ends under a call, or had ended before it. */
function isLostConnection(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return thrown.name === 'AbortError' || thrown.message.includes('WebSocket is not open');
}

/**
 * What other terminals started runs in this process, so it stays until that has ended, and until those terminals have
 * asked for what they want to know of it.
 */
async function carryOthers(client: PushrodClient, socket: LocalSocket, note: (line: string) => void): Promise<void> {
  for (;;) {
    const found = await underWay(client);
    if (!found) {
      await socket.drain(graceMs);
      if (!(await underWay(client))) return tellWaiting(client, note);
      continue;
    }
    note(`Staying until another terminal's ${found.name} has ended.`);
    await found.hasEnded();
  }
}

/** Nobody carries on what waits for its window when this process has left. */
async function tellWaiting(client: PushrodClient, note: (line: string) => void): Promise<void> {
  for (const { name, opensAt } of (await client.updates.list()).updates.filter(waitsForWindow)) {
    note(`${name} goes on at ${opensAt}, if Pushrod is open then: its window, or "pushrod serve".`);
  }
}

/** What goes on by itself in this process. What waits in it says for what; nobody stays until a window opens another night. */
const isCarried = ({ state, reason, opensAt }: Update) =>
  state === 'running' || (state === 'scheduled' && reason !== null && opensAt === null);

async function underWay(client: PushrodClient): Promise<{ name: string; hasEnded(): Promise<void> } | undefined> {
  const push = (await client.updates.list()).updates.find(isCarried);
  if (push) return { name: `push (${push.name})`, hasEnded: () => pushHasEnded(client, push.id) };
  const [task] = await firstTasks(client);
  return task && { name: task.kind, hasEnded: () => tasksHaveEnded(client) };
}

async function firstTasks(client: PushrodClient): Promise<Task[]> {
  for await (const { tasks } of await client.tasks.watch()) return tasks;
  return [];
}

async function tasksHaveEnded(client: PushrodClient): Promise<void> {
  for await (const { tasks } of await client.tasks.watch()) {
    if (tasks.length === 0) return;
  }
}

/** How an update ended, or why it could not go on, is told by the terminal that follows it. */
async function pushHasEnded(client: PushrodClient, updateId: UpdateId): Promise<void> {
  try {
    for await (const { update } of await client.updates.watch({ updateId })) if (waitsForWindow(update)) return;
  } catch {
    // It is over in any case.
  }
}
