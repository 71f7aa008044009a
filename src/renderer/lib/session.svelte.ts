import type { PushrodClient } from '../../shared/contract/index.ts';
import { isPaired, pair, storedToken, takeCodeFromUrl } from './pairing.ts';
import { type Connection, connectToServer, connectToWindow } from './transport.ts';

type SessionState =
  | { state: 'connecting' }
  | { state: 'unpaired' }
  /** `generation` counts the connections: what was open on an earlier one has ended. */
  | { state: 'open'; client: PushrodClient; generation: number }
  | { state: 'lost'; client: PushrodClient; generation: number };

const firstRetryMs = 250;
const longestRetryMs = 5_000;

let current = $state.raw<SessionState>({ state: 'connecting' });
let generation = 0;

/** The connection to the core, which is opened again whenever it is cut. */
export const session = {
  get current(): SessionState {
    return current;
  },
  async start(): Promise<void> {
    const code = takeCodeFromUrl();
    if (code !== undefined && window.pushrod === undefined) await pair(code);
    await keepOpen();
  },
  /** Returns what went wrong, in a sentence. */
  async pair(code: string): Promise<string | undefined> {
    const problem = await pair(code);
    if (problem === undefined) void keepOpen();
    return problem;
  },
};

async function keepOpen(): Promise<void> {
  let waitMs = firstRetryMs;
  for (;;) {
    const connection = await open();
    if (connection === 'unpaired') {
      current = { state: 'unpaired' };
      return;
    }
    if (connection) {
      waitMs = firstRetryMs;
      generation += 1;
      const { client } = connection;
      current = { state: 'open', client, generation };
      await connection.closed;
      current = { state: 'lost', client, generation };
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(longestRetryMs, waitMs * 2);
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
