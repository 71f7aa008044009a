import { shellQuote } from '../../../shared/shell-quote.ts';
import type { Base } from '../delivery.ts';
import { changedRanges, type Range } from '../delta/index.ts';
import { execWherePossible } from './exec.ts';
import { toolSha256 } from './remote-hash.ts';
import type { Session } from './session.ts';
import { wholeFileMs } from './whole-file-ms.ts';

/** The firmware as a change to what the device holds. */
export interface Delta {
  base: Base;
  /** What of the new file differs from it. */
  ranges: Range[];
  changedBytes: number;
}

/** A copy and a hash on the device, and several requests, cost about as much as sending this. */
const leastSavedBytes = 512 * 1024;

/**
 * Finds firmware on the device that Pushrod has as well, and that differs little enough from what is to be sent.
 * @param sendBytes what would have to be sent without a delta
 */
export async function findDelta(session: Session, sendBytes: number): Promise<Delta | undefined> {
  const { job, connection, files } = session;
  const mostBytes = sendBytes / 2;
  if (sendBytes - mostBytes < leastSavedBytes) return undefined;
  for (const paths of Map.groupBy(job.bases, ({ remotePath }) => remotePath).values()) {
    const [{ remotePath } = { remotePath: '' }] = paths;
    const found = await files.look(remotePath);
    const candidates = paths.filter(({ sizeBytes }) => !found?.isDirectory && sizeBytes === found?.sizeBytes);
    if (candidates.length === 0) continue;
    const sha256 = await toolSha256(connection, remotePath, wholeFileMs(job));
    const base = candidates.find((one) => one.sha256 === sha256);
    const ranges = base && (await changedRanges(base.path, job.firmware.path, mostBytes));
    if (base && ranges) return { base, ranges, changedBytes: bytesOf(ranges) };
  }
  return undefined;
}

/** Makes the `.part` of what the device holds; `false` where it cannot. What still differs is left to be sent. */
export async function copyBase({ job, connection, names }: Session, { base }: Delta): Promise<boolean> {
  const [from, to] = [shellQuote(base.remotePath), shellQuote(names.part)];
  const cut = `dd of=${to} bs=1 seek=${job.firmware.sizeBytes} count=0 2> /dev/null`;
  const command = `cp -- ${from} ${to}${job.firmware.sizeBytes < base.sizeBytes ? ` && ${cut}` : ''}`;
  const copied = await execWherePossible(connection, command, wholeFileMs(job));
  return copied?.exitCode === 0;
}

const bytesOf = (ranges: Range[]) => ranges.reduce((sum, { from, to }) => sum + to - from, 0);
