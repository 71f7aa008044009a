import { shellQuote } from '../../../shared/shell-quote.ts';
import type { Base } from '../delivery.ts';
import { bytesOf, changedRanges, coarsen, type Range } from '../delta/index.ts';
import { exec } from './exec.ts';
import { commandFailure, undefinedInDoubt } from './failure.ts';
import { toolSha256 } from './remote-hash.ts';
import type { Session } from './session.ts';
import { wholeFileMs } from './whole-file-ms.ts';

/** The firmware as a change to what the device holds. */
export interface Delta {
  base: Base;
  /** What of the new file differs from it. */
  ranges: Range[];
}

/** A copy and a hash on the device, and several requests, cost about as much as sending this. */
const leastSavedBytes = 256 * 1024;

/**
 * Finds firmware on the device that Pushrod has as well, and that differs little enough from what is to be sent.
 * @param sendBytes what would have to be sent without a delta
 */
export async function findDelta(session: Session, sendBytes: number): Promise<Delta | undefined> {
  const { job, files } = session;
  const mostBytes = Math.floor(sendBytes / 2);
  if (files.stepBytes === 0 || sendBytes - mostBytes < leastSavedBytes) return undefined;
  const basesAt = Map.groupBy(job.bases, (base) => base.remotePath);
  if (basesAt.size === 0) return undefined;
  for (const remotePath of await files.existing([...basesAt.keys()])) {
    const bases = basesAt.get(remotePath) ?? [];
    const delta = await deltaFrom(session, remotePath, bases, mostBytes).catch(undefinedInDoubt);
    if (delta) return delta;
  }
  return undefined;
}

/** What lies at one path, as the base of a delta. */
async function deltaFrom(
  { job, connection, files }: Session,
  remotePath: string,
  bases: readonly Base[],
  mostBytes: number,
): Promise<Delta | undefined> {
  const found = await files.look(remotePath);
  const candidates = bases.filter(({ sizeBytes }) => !found?.isDirectory && sizeBytes === found?.sizeBytes);
  if (candidates.length === 0) return undefined;
  const sha256 = await toolSha256(connection, remotePath, wholeFileMs(job));
  const base = candidates.find((one) => one.sha256 === sha256);
  // Firmware may have left the library since; whether what is pushed can be read shows when it is sent.
  const changed = base && (await changedRanges(base.path, job.firmware.path, mostBytes).catch(() => undefined));
  const ranges = changed && coarsen(changed, files.stepBytes, files.mostRanges);
  return ranges && bytesOf(ranges) <= mostBytes ? { base, ranges } : undefined;
}

/** Makes `path` a copy of what the device holds, as long as the firmware. */
export async function copyBase({ job, connection }: Session, { base }: Delta, path: string): Promise<void> {
  const [from, to] = [shellQuote(base.remotePath), shellQuote(path)];
  const { sizeBytes } = job.firmware;
  const cut = sizeBytes < base.sizeBytes ? ` && dd of=${to} bs=1 seek=${sizeBytes} count=0` : '';
  const copied = await exec(connection, `LC_ALL=C cp -- ${from} ${to}${cut}`, wholeFileMs(job));
  if (copied.exitCode !== 0) throw commandFailure(copied, `copy ${base.remotePath}`);
}
