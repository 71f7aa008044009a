import { open } from 'node:fs/promises';
import type { SshConnection } from './connection.ts';
import { readFully } from './read-fully.ts';
import type { Sftp } from './sftp.ts';

/** What OpenSSH takes in one WRITE: a packet of 256 KiB less its header (`limits@openssh.com`). */
const longestChunkBytes = 255 * 1024;
/** Bytes in flight for one device are at most this much: two of sshd's channel windows. */
const inFlightBytes = 16 * longestChunkBytes;

interface Upload {
  connection: SshConnection;
  sftp: Sftp;
  handle: Buffer;
  path: string;
  /** What comes before is on the device already. */
  fromBytes: number;
  sizeBytes: number;
  /** Longest time without an acknowledgement of any write; how long a write takes by itself does not count. */
  silenceMs: number;
  onSent(bytesSent: number): void;
}

/**
 * Sends a local file to an open remote one. Several lanes each read a chunk, write it and wait for its
 * acknowledgement, so memory stays the same whatever the size of the file. They take turns up to the write, so that
 * chunks leave in the order of the file and what a cut link leaves on the device is a beginning without holes.
 */
export async function upload(given: Upload): Promise<void> {
  const { connection, sftp, handle, path, fromBytes, sizeBytes, silenceMs, onSent } = given;
  const chunkBytes = Math.min(longestChunkBytes, sftp.longestWriteBytes, Math.max(1, sizeBytes - fromBytes));
  const file = await open(path, 'r');
  const silence = connection.watchSilence(silenceMs);
  let next = fromBytes;
  let sent = 0;
  let failed = false;
  let turn: Promise<unknown> = Promise.resolve();

  /** Reads the next chunk while others are read, and writes it after those before it; nothing when there is none. */
  const writeNext = async (buffer: Buffer, before: Promise<unknown>) => {
    if (failed || next >= sizeBytes) return undefined;
    const position = next;
    const chunk = buffer.subarray(0, sizeBytes - position);
    next += chunk.length;
    await readFully(file, chunk, position);
    await before;
    return { bytes: chunk.length, acknowledged: sftp.write(handle, chunk, position) };
  };
  const lane = async () => {
    const buffer = Buffer.allocUnsafeSlow(chunkBytes);
    for (;;) {
      const written = writeNext(buffer, turn);
      turn = written;
      const chunk = await written;
      if (!chunk) return;
      await chunk.acknowledged;
      silence.heard();
      sent += chunk.bytes;
      onSent(sent);
    }
  };
  try {
    const lanes = Math.ceil(Math.min(inFlightBytes, sizeBytes - fromBytes) / chunkBytes);
    const running = Array.from({ length: lanes }, () =>
      lane().catch((thrown) => {
        failed = true;
        throw thrown;
      }),
    );
    await Promise.all(running).finally(() => Promise.allSettled(running));
  } finally {
    silence.stopWatching();
    await file.close();
  }
}
