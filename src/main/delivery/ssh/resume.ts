import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PushrodError } from '../../../shared/errors.ts';
import { takeAway } from './put-in-place.ts';
import { mebibyte, toolSha256, toolSha256OfPrefix } from './remote-hash.ts';
import type { Session } from './session.ts';
import { wholeFileMs } from './whole-file-ms.ts';

/** What is on the device already of the firmware that is to be sent. */
export interface Kept {
  /** Sending goes on here: all before it is known to be the firmware's. */
  fromBytes: number;
  /** Size of the `.part`; what comes after `fromBytes` is written over. */
  partBytes: number;
}

const nothing: Kept = { fromBytes: 0, partBytes: 0 };

/**
 * Takes over what an interrupted push of the same firmware left, under whatever name it had by then. It is renamed to
 * the name of this push alone first, so that of two pushes that come at the same time only one gets it, and back to the
 * `.part` once the device has said how much of it is right. What is not right at all is taken away.
 */
export async function takeOver(session: Session): Promise<Kept> {
  const { files, names } = session;
  const found = await largestLeft(session);
  if (found === undefined || !(await moveIfThere(session, found.path, names.claimed))) return nothing;
  const step = files.stepBytes;
  const verified = step === 0 ? 0 : await verifiedPrefix(session, names.claimed, found.sizeBytes);
  const fromBytes = step === 0 ? 0 : verified - (verified % step);
  if (fromBytes > 0 && (await moveIfThere(session, names.claimed, names.part))) {
    return { fromBytes, partBytes: found.sizeBytes };
  }
  await takeAway(session, names.claimed);
  return nothing;
}

/** The largest file that a push of the same firmware left. The others are taken away: nobody would look for them. */
async function largestLeft(session: Session): Promise<{ path: string; sizeBytes: number } | undefined> {
  const { files, names } = session;
  const claimed = (await files.namesStarting(names.directory, names.claimedStem)).filter(names.isClaimed);
  const paths = [names.part, ...claimed.map((name) => posix.join(names.directory, name))];
  let largest: { path: string; sizeBytes: number } | undefined;
  for (const path of paths) {
    const left = await files.look(path);
    if (left === undefined || left.isDirectory) continue;
    const isLarger = largest === undefined || left.sizeBytes > largest.sizeBytes;
    const lost = isLarger ? largest?.path : path;
    if (lost !== undefined) await takeAway(session, lost);
    if (isLarger) largest = { path, sizeBytes: left.sizeBytes };
  }
  return largest;
}

/** `false` when another push was faster. */
async function moveIfThere({ files }: Session, from: string, to: string): Promise<boolean> {
  try {
    await files.move(from, to);
    return true;
  } catch (thrown) {
    if (thrown instanceof PushrodError && thrown.code === 'REMOTE_PATH_INVALID') return false;
    throw thrown;
  }
}

/**
 * How many bytes at the start of a file on the device are those of the firmware: all of it as a rule, else found to a
 * mebibyte, by bisection where the device has a tool that hashes, by reading it back where it has none.
 */
async function verifiedPrefix(session: Session, path: string, sizeBytes: number): Promise<number> {
  const { job, connection, files } = session;
  if (sizeBytes === 0 || sizeBytes > job.firmware.sizeBytes) return 0;
  const commandMs = wholeFileMs(job);
  const whole = await toolSha256(connection, path, commandMs);
  if (whole === undefined) {
    const theirs = blockHashes();
    await files.read(path, theirs.take);
    return samePrefix(theirs.end(), await localBlockHashes(job.firmware.path, sizeBytes), sizeBytes);
  }
  if (whole === (await localSha256(job.firmware.path, sizeBytes))) return sizeBytes;
  let same = 0;
  let other = Math.ceil(sizeBytes / mebibyte);
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    const theirs = await toolSha256OfPrefix(connection, path, middle, commandMs);
    if (theirs === (await localSha256(job.firmware.path, middle * mebibyte))) same = middle;
    else other = middle;
  }
  return same * mebibyte;
}

async function localSha256(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { end: bytes - 1 }), hash);
  return hash.digest('hex');
}

async function localBlockHashes(path: string, bytes: number): Promise<string[]> {
  const blocks = blockHashes();
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) blocks.take(chunk as Buffer);
  return blocks.end();
}

/** Hashes each mebibyte of what it is given. */
function blockHashes() {
  const digests: string[] = [];
  let hash: Hash = createHash('sha256');
  let filled = 0;
  const finish = () => {
    digests.push(hash.digest('hex'));
    hash = createHash('sha256');
    filled = 0;
  };
  return {
    take(chunk: Buffer) {
      for (let start = 0; start < chunk.length; ) {
        const piece = chunk.subarray(start, start + mebibyte - filled);
        hash.update(piece);
        filled += piece.length;
        start += piece.length;
        if (filled === mebibyte) finish();
      }
    },
    end() {
      if (filled > 0) finish();
      return digests;
    },
  };
}

function samePrefix(theirs: string[], ours: string[], sizeBytes: number): number {
  const differs = ours.findIndex((digest, block) => digest !== theirs[block]);
  return differs === -1 ? sizeBytes : differs * mebibyte;
}
