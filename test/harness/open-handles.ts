import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

const ownSockets = new AsyncLocalStorage<Set<Socket>>();
subscribe('net.client.socket', (message) => {
  ownSockets.getStore()?.add((message as { socket: Socket }).socket);
});

/** Runs `task`; afterwards `open()` counts the connections it made, and only those, that are still open. */
export async function countingSockets<T>(task: () => Promise<T>): Promise<{ result: T; open(): number }> {
  const sockets = new Set<Socket>();
  const result = await ownSockets.run(sockets, task);
  return { result, open: () => [...sockets].filter(({ destroyed }) => !destroyed).length };
}

const descriptors = '/proc/self/fd';

/** How often this process has a file open. */
export function timesOpen(file: string): number {
  return readdirSync(descriptors).filter((descriptor) => linkOf(join(descriptors, descriptor)) === file).length;
}

/** The descriptor that lists the descriptors is closed by the time it is looked at. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
