import type { PushrodClient } from '../../shared/contract/index.ts';
import { isPaired, pair, storedToken, takeCodeFromUrl } from './pairing.ts';
import { type Connection, connectToServer, connectToWindow } from './transport.ts';

type SessionState =
  | { state: 'connecting' }
  /** `problem` is what was wrong with the last code. */
  | { state: 'unpaired'; problem?: string | undefined }
  | { state: 'open'; client: PushrodClient }
  /** What is shown is as of `sinceMs`; `isLong` when waiting alone will hardly mend it. */
  | { state: 'lost'; client: PushrodClient; sinceMs: number; isLong: boolean };

const firstRetryMs = 250;
const longestRetryMs = 5_000;
/** A restart on the same port is back well before. */
const longLossMs = 12_000;

let current = $state.raw<SessionState>({ state: 'connecting' });

/** The connection to the core, which is opened again whenever it is cut. */
export const session = {
  get current(): SessionState {
    return current;
  },
  /** While true nothing can be fetched or done. An effect that reads it runs again with the next connection. */
  get isLost(): boolean {
    return current.state === 'lost';
  },
  async start(): Promise<void> {
    addEventListener('hashchange', () => void takeCode());
    await takeCode();
    await keepOpen();
  },
  async pair(code: string): Promise<void> {
    const problem = await pair(code);
    if (problem === undefined) void keepOpen();
    else current = { state: 'unpaired', problem };
  },
};

let problemAtStart: string | undefined;

/** Pairs with the code of an address that was opened, or pasted into a tab that is open already. */
async function takeCode(): Promise<void> {
  const code = takeCodeFromUrl();
  if (code === undefined || window.pushrod) return;
  if (current.state === 'unpaired') return session.pair(code);
  if (current.state === 'connecting') problemAtStart = await pair(code);
}

async function keepOpen(): Promise<void> {
  let waitMs = firstRetryMs;
  for (;;) {
    const connection = await open();
    if (connection === 'unpaired') {
      current = { state: 'unpaired', problem: problemAtStart };
      problemAtStart = undefined;
      return;
    }
    if (connection) {
      waitMs = firstRetryMs;
      const { client } = connection;
      current = { state: 'open', client };
      await connection.closed;
      current = { state: 'lost', client, sinceMs: Date.now(), isLong: false };
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(longestRetryMs, waitMs * 2);
    if (current.state === 'lost' && !current.isLong && Date.now() - current.sinceMs > longLossMs) {
      current = { ...current, isLong: true };
    }
  }
}

async function open(): Promise<Connection | 'unpaired' | undefined> {
  if (window.pushrod) return connectToWindow(window.pushrod);
  const token = storedToken();
  if (token === null) return 'unpaired';
  const paired = await isPaired(token);
  if (paired === false) return 'unpaired';
  return paired ? connectToServer(token) : undefined;
}
