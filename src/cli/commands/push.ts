import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { type FirmwareFlags, firmwareOf } from '../firmware-flags.ts';
import { follow } from '../follow.ts';
import { forecastText } from '../forecast-text.ts';
import { addPushFlags, type PushFlags, pushSettingsOf } from '../push-flags.ts';
import { addSelectorFlags, collect, type SelectorFlags, selectionOf } from '../selector.ts';

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
