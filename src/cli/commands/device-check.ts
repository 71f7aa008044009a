import type { Command } from 'commander';
import { hintFor } from '../../shared/errors.ts';
import type { DevicesChecked } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { asLongWork } from '../long-work.ts';
import { addSelectorFlags, type SelectorFlags, selectionOf } from '../selector.ts';
import { table } from '../table.ts';

export function addDeviceCheckCommand(devices: Command, { terminal, run }: CommandContext): void {
  addSelectorFlags(devices.command('check'))
    .description('Look which devices can be reached, and what they run: devices check --location "Hall 1"')
    .action((flags: SelectorFlags) =>
      run(
        async (client) => {
          const selection = selectionOf(flags);
          return asLongWork({ client, terminal, kind: 'check' }, async () => {
            const checked = await client.devices.check({ selection });
            terminal.document(checked, () => said(checked));
          });
        },
        { shared: true, repeatable: true },
      ),
    );
}

function said({ devices, online, offline }: DevicesChecked): string {
  const rows = devices.map((one) => [one.name, one.address, one.status, one.firmwareVersion, one.message ?? '']);
  const codes = new Set(devices.flatMap(({ errorCode }) => errorCode ?? []));
  const hints = [...codes].map((code) => `${code}: ${hintFor(code)}`);
  return [
    table(['NAME', 'ADDRESS', 'STATUS', 'FIRMWARE', 'MESSAGE'], rows),
    ...hints,
    `${online} online, ${offline} offline, ${devices.length - online - offline} unknown`,
  ].join('\n');
}
