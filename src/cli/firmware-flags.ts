import { basename, resolve } from 'node:path';
import type { PushrodClient } from '../shared/contract/index.ts';
import { PushrodError } from '../shared/errors.ts';
import { guessVersion } from '../shared/guess-version.ts';
import type { Sha256 } from '../shared/model/index.ts';
import { addFirmware } from './add-firmware.ts';

/** `--firmware`, once or more, and the `--version` of one file. */
export interface FirmwareFlags {
  firmware: string[];
  version?: string;
}

/** What the library calls the files given, which it takes in first if it has to. */
export async function firmwareOf(
  client: PushrodClient,
  { firmware, version }: FirmwareFlags,
  signal: AbortSignal,
): Promise<Sha256[]> {
  if (version !== undefined && firmware.length > 1) {
    const message = 'say the version of each file with "firmware add FILE --version V", then push it by its SHA-256';
    throw new PushrodError('INVALID_INPUT', 'One version cannot be that of several files.', [
      { field: 'version', message },
    ]);
  }
  const found: Sha256[] = [];
  for (const given of firmware) found.push(await oneFirmware(client, given, version, signal));
  return found;
}

async function oneFirmware(
  client: PushrodClient,
  given: string,
  version: string | undefined,
  signal: AbortSignal,
): Promise<Sha256> {
  if (/^[0-9a-f]{64}$/i.test(given)) return (await client.firmware.get({ sha256: given as Sha256 })).sha256;
  const path = resolve(given);
  const info = { version: version ?? guessVersion(basename(path)) };
  return (await addFirmware(client, path, info, { version }, signal)).sha256;
}
