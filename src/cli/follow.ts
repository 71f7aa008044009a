import type { PushrodClient } from '../shared/contract/index.ts';
import { PushrodError } from '../shared/errors.ts';
import { type DeviceUpdate, hasEnded, type Update, type UpdateId, waitsForWindow } from '../shared/model/index.ts';
import { jsonFollower } from './follow-json.ts';
import { peopleFollower } from './follow-people.ts';
import type { Terminal } from './terminal.ts';

/**
 * Follows an update to its end. Ctrl-C cancels it, if it was started here; a second one leaves at once.
 * @returns the exit code (CLI.md)
 */
export async function follow(
  client: PushrodClient,
  updateId: UpdateId,
  terminal: Terminal,
  { cancelOnInterrupt }: { cancelOnInterrupt: boolean },
): Promise<number> {
  const follower = terminal.json ? jsonFollower(terminal) : peopleFollower(terminal);
  const devices = new Map<string, DeviceUpdate>();
  const stop = new AbortController();
  let interrupted = false;
  const onInterrupt = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    if (!cancelOnInterrupt) return stop.abort();
    terminal.note('Cancelling; press Ctrl-C again to leave at once.');
    client.updates.cancel({ updateId }).catch(() => stop.abort());
  };
  // Who only watches is done when nobody reads any more.
  const onReaderGone = () => {
    if (!cancelOnInterrupt) stop.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.stdout.on('error', onReaderGone);
  try {
    let last: Update | undefined;
    let wasRunning = false;
    for await (const frame of await client.updates.watch({ updateId }, { signal: stop.signal })) {
      last = frame.update;
      for (const device of frame.devices) devices.set(device.deviceId, device);
      follower.changed(frame.update, frame.devices);
      // Who started it need not stay until another night.
      if (cancelOnInterrupt && wasRunning && waitsForWindow(last)) break;
      wasRunning ||= last.state === 'running';
    }
    if (stop.signal.aborted && !interrupted) return 0;
    if (!last || stop.signal.aborted) return 130;
    if (!hasStopped(last)) throw new PushrodError('INTERNAL', `"${last.name}" ended while it was ${last.state}.`);
    // When Pushrod is closing, nobody answers any more.
    const versions = hasEnded(last.state) ? await versionsOf(client, [...devices.values()]) : none;
    follower.ended(last, [...devices.values()], versions);
    return interrupted ? 130 : exitCodeFor(last);
  } catch (thrown) {
    if (stop.signal.aborted) return interrupted ? 130 : 0;
    throw thrown;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.stdout.off('error', onReaderGone);
  }
}

/** Whether an update is in a state in which nobody works on it. */
const hasStopped = ({ state }: Update) => state !== 'running';

function exitCodeFor(update: Update): number {
  const { state, counts } = update;
  if (state === 'cancelled' || state === 'failed' || waitsForWindow(update)) return 3;
  if (!hasEnded(state)) return 130;
  return counts.failed || counts.rolledBack ? 1 : 0;
}

/** Devices of one question to the registry. */
const pageOfIds = 1_000;
const none: ReadonlyMap<string, string | null> = new Map();

/** The end of an update is told all the same when the registry does not answer. */
async function versionsOf(client: PushrodClient, devices: DeviceUpdate[]): Promise<ReadonlyMap<string, string | null>> {
  const versions = new Map<string, string | null>();
  try {
    for (let start = 0; start < devices.length; start += pageOfIds) {
      const ids = devices.slice(start, start + pageOfIds).map(({ deviceId }) => deviceId);
      const page = await client.devices.list({ filter: { ids }, limit: pageOfIds });
      for (const { id, firmwareVersion } of page.devices) versions.set(id, firmwareVersion);
    }
  } catch {
    return none;
  }
  return versions;
}
