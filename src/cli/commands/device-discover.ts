import type { Command } from 'commander';
import type { FoundDevice } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { asLongWork } from '../long-work.ts';
import { collect } from '../selector.ts';
import { table } from '../table.ts';
import { devicesOf, parseDurationMs, parseWhole } from '../units.ts';

export function addDeviceDiscoverCommand(devices: Command, { terminal, run }: CommandContext): void {
  devices
    .command('discover')
    .description('Find devices near this laptop: devices discover --subnet 192.0.2.0/24 --port 22 --listen 3s')
    .option('--subnet <cidr>', 'try each address of a subnet of this laptop, at most 4096')
    .option('--port <port>', 'TCP port to try; repeatable; 22 when left out', collect)
    .option('--listen <duration>', 'hear so long which devices announce themselves (mDNS)')
    .action(({ subnet, port, listen }: { subnet?: string; port?: string[]; listen?: string }) =>
      run(
        async (client) => {
          const ports = port?.map((text) => parseWhole(text, 'port', 1, 65_535));
          const listenMs = listen === undefined ? undefined : parseDurationMs(listen, 'listen');
          return asLongWork({ client, terminal, kind: 'discover' }, async () => {
            const result = await client.devices.discover({ subnet, ports, listenMs });
            terminal.document(result, () => said(result.found));
          });
        },
        { shared: true, repeatable: true },
      ),
    );
}

function said(found: FoundDevice[]): string {
  const rows = found.map(({ address, announced, fingerprint, knownAs }) => [
    ...[address, announced && `${announced.name} (${announced.service})`],
    ...[fingerprint, knownAs && describe(knownAs)],
  ]);
  const count = `${found.length} ${devicesOf(found.length)} found`;
  const isNew = found.find(({ knownAs }) => !knownAs);
  const next = isNew ? [`Add one: devices add --name NAME --address ${isNew.address}`] : [];
  return [table(['ADDRESS', 'CALLS ITSELF', 'HOST KEY', 'KNOWN AS'], rows), count, ...next].join('\n');
}

const describe = ({ name, address, matchedBy }: NonNullable<FoundDevice['knownAs']>) =>
  `${name} at ${address}, by its ${matchedBy === 'hostKey' ? 'host key' : 'address'}`;
