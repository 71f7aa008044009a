import { open } from 'node:fs/promises';
import { bytesOf, type Range } from '../delta/index.ts';
import type { Pacer } from '../rate-limit/index.ts';
import type { SshConnection } from './connection.ts';
import { holdBack } from './hold-back.ts';
import { createPace } from './pace.ts';
import { readFully } from './read-fully.ts';
import type { PreparedWrite } from './sftp.ts';
import { createStripes, mostStripes, type Stripe } from './stripes.ts';

/** What OpenSSH takes in one WRITE: a packet of 256 KiB less its header (`limits@openssh.com`). */
const longestChunkBytes = 255 * 1024;
/** Fills one channel: sshd opens its window by 2 MiB, and a little waits on either side of it. */
const channelBytes = 10 * longestChunkBytes;
/** From this round-trip time on, the window of one channel holds a transfer up, and further ones are worth opening. */
const longRoundTripMs = 4;

/** Lanes at first, on a link of a usual round-trip time, and as many as every transfer gets. */
const firstLanes = 4;
/** The buffers of all lanes of this thread: past this, transfers stay with the lanes they have. */
const mostBytesOfThread = 32 * 1024 * 1024;

let bytesOfThread = 0;

interface Upload {
  connection: SshConnection;
  first: Stripe;
  /** Opens the same file on a further channel. */
  openFurther(): Promise<Stripe>;
  path: string;
  /** What of the local file is to be written, in order. */
  ranges: Range[];
  pacer: Pacer;
  /** Longest time without an acknowledgement of any write; how long a write takes by itself does not count. */
  silenceMs: number;
  onSent(bytesSent: number): void;
}

/**
 * Sends a local file to an open remote one, and closes that. Lanes each read a chunk, write it and wait for its
 * acknowledgement; there are as many as the link needs ({@link createPace}), so memory stays the same whatever the size
 * of the file. They take turns up to the write, so that chunks leave in the order of the file: over one channel, what a
 * cut link leaves on the device is a beginning without holes; over several, its end may have holes, and resuming builds
 * upon what comes before them, as the device's SHA-256 shows.
 */
export async function upload(given: Upload): Promise<void> {
  const { connection, first, openFurther, path, ranges, pacer, silenceMs, onSent } = given;
  const toSend = bytesOf(ranges);
  const longest = Math.min(longestChunkBytes, await first.sftp.longestWriteBytes, Math.max(1, toSend));
  const lanesOfStripe = Math.ceil(Math.min(channelBytes, toSend) / longest);
  const isLong = first.sftp.roundTripMs() >= longRoundTripMs;
  const pace = createPace({
    // Over a long round trip, growing slowly takes longer than it saves: from one channel at once to all of them.
    ...(isLong
      ? { firstChunks: lanesOfStripe, growth: mostStripes, mostChunks: lanesOfStripe * mostStripes }
      : { firstChunks: firstLanes, growth: 2, mostChunks: lanesOfStripe }),
    longestChunkBytes: longest,
    startMs: performance.now(),
  });
  const stripes = createStripes(first, openFurther);
  const file = await open(path, 'r');
  const silence = connection.watchSilence(silenceMs);
  const lanes: Promise<void>[] = [];
  const pieces = cutter(ranges);
  let sent = 0;
  let failure: { thrown: unknown } | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** Reads the next chunk while others are read, and writes it after those before it; nothing when there is none. */
  const writeNext = async (write: PreparedWrite, before: Promise<unknown>) => {
    const piece = failure ? undefined : pieces.next(pacer.pieceBytes(pace.chunkBytes));
    if (!piece) return undefined;
    const { position, bytes } = piece;
    await readFully(file, write.data.subarray(0, bytes), position);
    await before;
    await holdBack(connection, pacer.waitMs(bytes), silence.heard);
    return { bytes, acknowledged: write.send(bytes, position) };
  };
  const lane = async (opening: Promise<Stripe | undefined>) => {
    const stripe = await opening;
    const write = stripe?.sftp.prepareWrite(stripe.handle, longest);
    while (write) {
      const written = writeNext(write, turn);
      turn = written;
      const chunk = await written;
      if (!chunk) return;
      await chunk.acknowledged;
      silence.heard();
      pace.acknowledged(chunk.bytes, performance.now());
      sent += chunk.bytes;
      onSent(sent);
      startLanes();
    }
  };
  const startLanes = () => {
    while (lanes.length < pace.chunks && pieces.areLeft) {
      if (lanes.length >= firstLanes && bytesOfThread >= mostBytesOfThread) return;
      bytesOfThread += longest;
      const running = lane(stripes.get(Math.floor(lanes.length / lanesOfStripe)))
        .catch((thrown) => {
          failure ??= { thrown };
        })
        .finally(() => {
          bytesOfThread -= longest;
        });
      lanes.push(running);
    }
  };
  try {
    startLanes();
    // Lanes start further ones only while they run themselves.
    for (const running of lanes) await running;
  } finally {
    silence.stopWatching();
    await file.close();
  }
  const closed = stripes.close();
  if (failure) await closed.catch(() => undefined);
  if (failure) throw failure.thrown;
  await closed;
}

/** Cuts ranges into pieces, one after the other. */
function cutter(ranges: readonly Range[]) {
  let turn = 0;
  let position = ranges[0]?.from ?? 0;
  return {
    get areLeft() {
      return turn < ranges.length;
    },
    next(mostBytes: number): { position: number; bytes: number } | undefined {
      const range = ranges[turn];
      if (!range) return undefined;
      const piece = { position, bytes: Math.min(mostBytes, range.to - position) };
      position += piece.bytes;
      if (position === range.to) {
        turn += 1;
        position = ranges[turn]?.from ?? 0;
      }
      return piece;
    },
  };
}
