import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { PushrodClient } from '../../shared/contract/index.ts';
import { PushrodError } from '../../shared/errors.ts';
import { guessVersion } from '../../shared/guess-version.ts';
import type { HostKeyPolicy, Sha256 } from '../../shared/model/index.ts';
import { addFirmware } from '../add-firmware.ts';
import type { CommandContext } from '../command-context.ts';
import { follow } from '../follow.ts';
import { addSelectorFlags, collect, type SelectorFlags, selectionOf } from '../selector.ts';
import { parseRate, parseWhole } from '../units.ts';

interface PushFlags extends SelectorFlags {
  firmware: string[];
  version?: string;
  profile?: string;
  name?: string;
  concurrency?: string;
  retries?: string;
  rateLimit?: string;
  hostKeys?: HostKeyPolicy;
}

export function addPushCommand(program: Command, { terminal, run }: CommandContext): void {
  addSelectorFlags(program.command('push'))
    .description('Push firmware to devices: push --firmware gw-2.5.1.bin --location "Hall 1"')
    .requiredOption(
      '--firmware <file|sha256>',
      'a file, or what is in the library; several are pushed in one session, in their order',
      collect,
    )
    .option('--version <version>', "the file's version; guessed from its name when left out")
    .option('--profile <name>', 'for every device, instead of its own')
    .option('--name <name>', 'name of this update')
    .option('--concurrency <n>', 'devices at the same time (32)')
    .option('--retries <n>', 'further tries after a failure that may pass (0)')
    .option('--rate-limit <rate>', 'bytes a second for all devices of this push, such as 20M')
    .option('--host-keys <policy>', 'accept-new (default), strict or ask')
    .action((flags: PushFlags) =>
      run(
        async (client, signal) => {
          const selection = selectionOf(flags);
          const { profile, name, hostKeys } = flags;
          const concurrency = flags.concurrency && parseWhole(flags.concurrency, 'concurrency', 1);
          const retries = flags.retries && parseWhole(flags.retries, 'retries', 0);
          const firmware = await firmwareOf(client, flags, signal);
          const { updateId } = await client.updates.push({
            ...{ firmware, selection, profile, name, hostKeys },
            ...(concurrency && { concurrency }),
            ...(retries && { retries }),
            ...(flags.rateLimit && { rateLimitBytesPerSecond: parseRate(flags.rateLimit, 'rate-limit') }),
          });
          return follow(client, updateId, terminal, { cancelOnInterrupt: true });
        },
        { shared: true },
      ),
    );
}

/** What the library calls the files given, which it takes in first if it has to. */
async function firmwareOf(
  client: PushrodClient,
  { firmware, version }: PushFlags,
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
