import { open } from 'node:fs/promises';
import type { SshConnection } from './connection.ts';
import { readFully } from './read-fully.ts';
import type { Sftp } from './sftp.ts';

/** What OpenSSH takes in one WRITE: a packet of 256 KiB less its header (`limits@openssh.com`). */
const chunkBytes = 255 * 1024;
/** Bytes in flight for one device are at most lanes × chunk: 4 MiB, two of sshd's channel windows. */
const lanes = 16;

interface Upload {
  connection: SshConnection;
  sftp: Sftp;
  handle: Buffer;
  path: string;
  sizeBytes: number;
  /** Longest time without an acknowledgement of any write; how long a write takes by itself does not count. */
  silenceMs: number;
  onSent(bytesSent: number): void;
}

/**
 * Sends a local file to an open remote one. Several lanes each read a chunk, write it and wait for its
 * acknowledgement, so memory stays the same whatever the size of the file.
 */
export async function upload(given: Upload): Promise<void> {
  const { connection, sftp, handle, path, sizeBytes, silenceMs, onSent } = given;
  const file = await open(path, 'r');
  const silence = connection.watchSilence(silenceMs);
  let next = 0;
  let sent = 0;
  let failed = false;
  const lane = async () => {
    const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, sizeBytes));
    while (next < sizeBytes && !failed) {
      const position = next;
      const length = Math.min(chunkBytes, sizeBytes - position);
      next += length;
      const chunk = buffer.subarray(0, length);
      await readFully(file, chunk, position);
      for (let start = 0; start < length && !failed; start += sftp.longestWriteBytes) {
        const piece = chunk.subarray(start, start + sftp.longestWriteBytes);
        await sftp.write(handle, piece, position + start);
        silence.heard();
        sent += piece.length;
        onSent(sent);
      }
    }
  };
  try {
    const running = Array.from({ length: Math.min(lanes, Math.ceil(sizeBytes / chunkBytes)) }, () =>
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
