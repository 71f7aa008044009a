import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createGzip, deflateRaw } from 'node:zlib';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { Range } from '../delta/index.ts';
import { createPacer } from '../rate-limit/index.ts';
import { chunksOf } from './chunks-of.ts';
import { exec } from './exec.ts';
import { ddBytes } from './exec-files.ts';
import { commandFailure } from './failure.ts';
import { takeInTurn } from './hold-back.ts';
import { readFully } from './read-fully.ts';
import type { Session } from './session.ts';

const sampleBytes = 64 * 1024;
const samples = 4;
/** What shrinks less is compressed already, as most firmware images are. */
const worthRatio = 0.8;

const unpacked = 'pushrod-unpacked';

/** Whether gzip would make a part of a file much smaller, by a look at some places of it. */
export async function isCompressible(path: string, { from, to }: Range): Promise<boolean> {
  if (to - from < samples * sampleBytes) return false;
  const file = await open(path);
  try {
    let compressedBytes = 0;
    for (let sample = 0; sample < samples; sample++) {
      const content = Buffer.allocUnsafe(sampleBytes);
      await readFully(file, content, from + Math.floor(((to - from - sampleBytes) / (samples - 1)) * sample));
      compressedBytes += (await promisify(deflateRaw)(content)).length;
    }
    return compressedBytes < samples * sampleBytes * worthRatio;
  } finally {
    await file.close();
  }
}

/**
 * Sends a part of the firmware compressed, and has the device unpack it into the file at `path`, from its place on.
 * `onSent` hears of firmware bytes, whatever they shrank to.
 * @param range begins at a multiple of {@link ddBytes}
 */
export async function sendCompressed(
  { connection, job }: Session,
  range: Range,
  path: string,
  onSent: (bytes: number) => void,
): Promise<void> {
  const file = await open(job.firmware.path);
  const silence = connection.watchSilence(job.timeouts.transferMs);
  const pacer = createPacer(job.rateLimits);
  const trail = followTrail(range.to - range.from);
  const acknowledged = (bytes: number) => {
    silence.heard();
    onSent(trail.firmwareBytesAt(bytes));
  };
  const input = async (take: (chunk: Buffer) => Promise<void>) => {
    const gzip = createGzip();
    const fed = (async () => {
      for await (const chunk of chunksOf(file, range.from, range.to)) {
        trail.reads(chunk.length);
        // What chunksOf gives is valid until the next.
        await new Promise<void>((resolve, reject) => gzip.write(chunk, (error) => (error ? reject(error) : resolve())));
      }
      gzip.end();
    })();
    fed.catch((thrown) => gzip.destroy(thrown));
    for await (const chunk of gzip as AsyncIterable<Buffer>) {
      const send = async (piece: Buffer) => {
        await take(piece);
        trail.wrote(piece.length);
      };
      await takeInTurn(connection, pacer, chunk, send, silence.heard);
    }
    await fed;
  };
  const place = `dd of=${shellQuote(path)} bs=${ddBytes} seek=${range.from / ddBytes} conv=notrunc`;
  // A pipeline ends as its last command does; that the first one did well as well is told beside it.
  const command = `command -v gzip > /dev/null && { LC_ALL=C gzip -dc && echo ${unpacked} >&2; } | LC_ALL=C ${place}`;
  try {
    const result = await exec(connection, command, null, { input, acknowledged });
    const isUnpacked = result.exitCode === 0 && result.stderr.includes(unpacked);
    if (!isUnpacked) throw commandFailure(result, 'unpack what was sent');
    onSent(range.to - range.from);
  } finally {
    silence.stopWatching();
    await file.close();
  }
}

/** Remembers how much of the firmware was read by the time that so many compressed bytes were sent. */
function followTrail(totalBytes: number) {
  const steps = [{ compressedBytes: 0, firmwareBytes: 0 }];
  let compressedBytes = 0;
  let firmwareBytes = 0;
  return {
    reads(bytes: number) {
      firmwareBytes += bytes;
    },
    wrote(bytes: number) {
      compressedBytes += bytes;
      steps.push({ compressedBytes, firmwareBytes });
    },
    firmwareBytesAt(bytes: number): number {
      while (steps[1] && steps[1].compressedBytes <= bytes) steps.shift();
      return Math.min(totalBytes, steps[0]?.firmwareBytes ?? 0);
    },
  };
}
