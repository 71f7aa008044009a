import type { PushrodClient } from '../shared/contract/index.ts';
import type { SlotStatus } from '../shared/model/index.ts';
import type { Terminal } from './terminal.ts';

/**
 * Starts slots and tells what happens at them until all of them are stopped, as Ctrl-C does. What is being flashed by
 * then comes to its end; a second Ctrl-C leaves at once.
 */
export async function followSlots(
  client: PushrodClient,
  names: string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const stop = () => Promise.allSettled(names.map((name) => client.slots.stop({ name })));
  let interrupted = false;
  const onInterrupt = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    terminal.note('Stopping; what is being flashed comes to its end. Press Ctrl-C again to leave at once.');
    void stop();
  };
  process.on('SIGINT', onInterrupt);
  const told = new Map<string, string>();
  try {
    for (const name of names) await client.slots.start({ name });
    for await (const { slots } of await client.slots.watch(undefined, { signal })) {
      const followed = slots.filter(({ name }) => names.includes(name));
      for (const status of followed) {
        const line = JSON.stringify(status);
        if (told.get(status.name) !== line) tell(terminal, status);
        told.set(status.name, line);
      }
      if (followed.every(({ state }) => state === 'off')) return;
    }
  } catch (thrown) {
    await stop();
    throw thrown;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

const words: Record<SlotStatus['state'], string> = {
  off: 'stopped',
  waiting: 'waiting for a board',
  identifying: 'asking the board who it is',
  flashing: 'flashing',
  done: 'done, remove me',
  failed: 'failed',
};

const marks = { done: { text: '✓', color: 'green' }, failed: { text: '✗', color: 'red' } } as const;

function tell(terminal: Terminal, status: SlotStatus): void {
  if (terminal.json) {
    terminal.jsonLine({ type: 'slot', ...status });
    return;
  }
  const { name, state, serial, flashed, failed, message, hint } = status;
  const board = serial === null ? '' : ` ${serial}`;
  const why = [message, hint].filter(Boolean).join(' ');
  const line = `${name}:${board} ${words[state]} (${flashed} flashed, ${failed} failed)${why && `. ${why}`}`;
  terminal.note(line, state === 'done' || state === 'failed' ? marks[state] : undefined);
}
