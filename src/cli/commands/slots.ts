import type { Command } from 'commander';
import type { PushrodClient } from '../../shared/contract/index.ts';
import type { CommandContext } from '../command-context.ts';
import { invalid } from '../device-fields.ts';
import { type FirmwareFlags, firmwareOf } from '../firmware-flags.ts';
import { followSlots } from '../follow-slots.ts';
import { collect } from '../selector.ts';
import { table } from '../table.ts';

interface AddFlags extends Partial<FirmwareFlags> {
  address: string;
  profile: string;
  identity: string;
  identityPattern?: string;
}

const firmwareFlag = ['--firmware <file|sha256>', 'what each board gets; several in one session', collect] as const;
const versionFlag = ['--version <version>', "the file's version; guessed from its name when left out"] as const;

export function addSlotCommands(program: Command, { terminal, run }: CommandContext): void {
  const slots = program.command('slots').description('Bench slots: one board after the other at the same address');

  slots
    .command('add <name>')
    .description('Set a slot: slots add left --address 192.168.1.1 --profile board --identity "cat /etc/serial"')
    .requiredOption('--address <address>', 'where every board comes up; whatever host key it shows there is taken')
    .requiredOption('--profile <name>', 'how each board is logged in to and flashed')
    .requiredOption('--identity <command>', 'prints what a board is told apart by, such as its serial number')
    .option('--identity-pattern <regexp>', 'its first group instead of the first line')
    .option(...firmwareFlag)
    .option(...versionFlag)
    .action((name: string, flags: AddFlags) =>
      run(async (client, signal) => {
        const { address, profile, identity: identityCommand, identityPattern } = flags;
        await client.profiles.get({ name: profile });
        const firmware = await firmwareGiven(client, flags, signal);
        const slot = { address, profile, identityCommand, identityPattern, firmware };
        const set = await client.slots.set({ name, slot });
        terminal.document(set, () => `The slot ${set.name} is set. Begin with: slots run ${set.name}`);
      }),
    );

  slots
    .command('list')
    .description('List the slots: slots list')
    .action(() =>
      run(async (client) => {
        const found = await client.slots.list();
        terminal.document(found, () =>
          table(
            ['SLOT', 'ADDRESS', 'PROFILE', 'IDENTITY', 'FIRMWARE'],
            found.slots.map((one) => [
              ...[one.name, one.address, one.profile, one.identityCommand],
              one.firmware.map((sha256) => sha256.slice(0, 12)).join(', '),
            ]),
          ),
        );
      }),
    );

  slots
    .command('remove <name>')
    .description('Remove a slot; the boards stay registered: slots remove left')
    .action((name: string) =>
      run(async (client) => {
        await client.slots.remove({ name });
        terminal.document({ removed: name }, () => `Removed the slot ${name}.`);
      }),
    );

  slots
    .command('run [names...]')
    .description('Flash each board that is plugged in, until Ctrl-C: slots run left right --firmware gw-2.5.1.bin')
    .option(...firmwareFlag)
    .option(...versionFlag)
    .action((names: string[], flags: Partial<FirmwareFlags>) =>
      run(
        async (client, signal) => {
          const { slots: all } = await client.slots.list();
          const wanted = names.length > 0 ? names : all.map(({ name }) => name);
          if (wanted.length === 0) throw invalid('name', 'There is no slot yet; add one with "slots add".');
          const firmware = await firmwareGiven(client, flags, signal);
          for (const { name, ...slot } of all) {
            if (firmware.length > 0 && wanted.includes(name))
              await client.slots.set({ name, slot: { ...slot, firmware } });
          }
          await followSlots(client, wanted, terminal, signal);
        },
        { shared: true },
      ),
    );

  slots
    .command('stop <name>')
    .description('Stop a slot that another terminal or window has started: slots stop left')
    .action((name: string) =>
      run(async (client) => {
        await client.slots.stop({ name });
        terminal.document({ stopped: name }, () => `The slot ${name} is stopped.`);
      }),
    );
}

const firmwareGiven = async (client: PushrodClient, flags: Partial<FirmwareFlags>, signal: AbortSignal) =>
  flags.firmware ? firmwareOf(client, { ...flags, firmware: flags.firmware }, signal) : [];
