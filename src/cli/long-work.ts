import type { PushrodClient } from '../shared/contract/index.ts';
import type { Terminal } from './terminal.ts';
import { devicesOf } from './units.ts';

/**
 * Runs a call that may take a while: shows how far it is at a terminal, and Ctrl-C cancels it.
 * @returns the exit code: 130 when it was interrupted and nothing was changed
 */
export async function asLongWork(
  client: PushrodClient,
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  const shown = new AbortController();
  process.once('SIGINT', onInterrupt);
  const showing = process.stderr.isTTY ? showProgress(client, shown.signal) : undefined;
  try {
    await work(interrupt.signal);
    return 0;
  } catch (thrown) {
    if (!interrupt.signal.aborted) throw thrown;
    terminal.note('Interrupted; nothing was changed.');
    return 130;
  } finally {
    process.off('SIGINT', onInterrupt);
    shown.abort();
    await showing;
  }
}

async function showProgress(client: PushrodClient, signal: AbortSignal): Promise<void> {
  try {
    for await (const { tasks } of await client.tasks.watch(undefined, { signal })) {
      const said = tasks.map(({ kind, devices }) => `${kind}: ${devices.toLocaleString('en')} ${devicesOf(devices)}`);
      process.stderr.write(`\r\x1b[K${said.join('  ')}`);
    }
  } catch {
    // The work itself says what went wrong.
  } finally {
    process.stderr.write('\r\x1b[K');
  }
}
