import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { PushrodClient } from '../../shared/contract/index.ts';
import { PushrodError } from '../../shared/errors.ts';
import { guessVersion } from '../../shared/guess-version.ts';
import type { Sha256 } from '../../shared/model/index.ts';
import { addFirmware } from '../add-firmware.ts';
import type { CommandContext } from '../command-context.ts';
import { follow } from '../follow.ts';
import { forecastText } from '../forecast-text.ts';
import { addPushFlags, type PushFlags, pushSettingsOf } from '../push-flags.ts';
import { addSelectorFlags, collect, type SelectorFlags, selectionOf } from '../selector.ts';

type FirmwareFlags = { firmware: string[]; version?: string };
type Flags = SelectorFlags & FirmwareFlags & PushFlags & { dryRun?: boolean; probe?: boolean; detach?: boolean };

export function addPushCommand(program: Command, { terminal, run }: CommandContext): void {
  const command = addSelectorFlags(program.command('push'))
    .description('Push firmware to devices: push --firmware gw-2.5.1.bin --location "Hall 1"')
    .requiredOption(
      '--firmware <file|sha256>',
      'a file, or what is in the library; several are pushed in one session, in their order',
      collect,
    )
    .option('--version <version>', "the file's version; guessed from its name when left out");
  addPushFlags(command)
    .option('--dry-run', 'say what would be done, and contact no device')
    .option('--detach', 'say its id and do not follow it; a Pushrod that is open carries it on, else this one stays')
    .option('--probe', 'with --dry-run: ask each device whether it can be reached')
    .action((flags: Flags) =>
      run(
        async (client, signal) => {
          const settings = { selection: selectionOf(flags), ...pushSettingsOf(flags) };
          const firmware = await firmwareOf(client, flags, signal);
          const push = { firmware, ...settings };
          if (flags.dryRun) {
            const found = await client.updates.forecast({ push, probe: flags.probe ?? false }, { signal });
            return terminal.document(found, () => forecastText(found));
          }
          const { updateId } = await client.updates.push(push);
          if (flags.detach) return terminal.document({ updateId }, () => `Follow it with: updates watch ${updateId}`);
          return follow(client, updateId, terminal, { cancelOnInterrupt: true });
        },
        { shared: true },
      ),
    );
}

/** What the library calls the files given, which it takes in first if it has to. */
async function firmwareOf(
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
