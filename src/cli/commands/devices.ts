import type { Command } from 'commander';
import type { PushrodClient } from '../../shared/contract/index.ts';
import type {
  Device,
  DeviceFacets,
  DeviceId,
  DevicePageRequest,
  DevicePatch,
  NewDevice,
  RemovalId,
} from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { emptiableNames, emptied, invalid, metadataOf } from '../device-fields.ts';
import { asLongWork } from '../long-work.ts';
import {
  addFilterFlags,
  addSelectorFlags,
  collect,
  type FilterFlags,
  filterOf,
  type SelectorFlags,
  selectionOf,
  tagsOf,
} from '../selector.ts';
import { table } from '../table.ts';
import { devicesOf, parseWhole } from '../units.ts';
import { addDeviceCheckCommand } from './device-check.ts';
import { addDeviceDiscoverCommand } from './device-discover.ts';
import { addDeviceEditCommand } from './device-edit.ts';
import { addDeviceListCommands } from './device-lists.ts';

interface DeviceFlags {
  id?: string;
  name?: string;
  address?: string;
  location?: string;
  model?: string;
  firmwareVersion?: string;
  status?: string;
  lastSeen?: string;
  profile?: string;
  tag?: string[];
  metadata?: string;
  unset?: string[];
}

interface PageFlags {
  sort?: string;
  limit?: string;
  offset?: string;
  after?: string;
}

export function addDeviceCommands(program: Command, { terminal, run }: CommandContext): void {
  const devices = program.command('devices').description('The registry of devices');

  addDeviceFlags(devices.command('add'))
    .description('Add a device: devices add --name gateway-1 --address 192.0.2.10')
    .option('--id <id>', 'its id; made up when left out')
    .action((flags: DeviceFlags) =>
      run(async (client) => {
        const added = await client.devices.add({ id: flags.id, ...fieldsOf(flags) } as NewDevice);
        terminal.document(added, () => `Added ${added.name} (${added.id}).`);
      }),
    );

  addFilterFlags(devices.command('list'))
    .description('List devices: devices list --location "Hall 1" --sort name:desc')
    .option('--sort <field[:desc]>', 'name, address, status, lastSeen, firmwareVersion, location, model, …')
    .option('--limit <n>', 'at most so many')
    .option('--offset <n>', 'skip so many')
    .option('--after <cursor>', 'go on behind a page: its nextCursor')
    .action((flags: FilterFlags & PageFlags) =>
      run(
        async (client) => {
          const page = await client.devices.list(pageRequestOf(flags));
          terminal.document(
            page,
            () => `${deviceTable(page.devices)}\n${page.devices.length} of ${page.total} devices`,
          );
        },
        { repeatable: true },
      ),
    );

  devices
    .command('get <id>')
    .description('Show a device: devices get gateway-1')
    .action((id: DeviceId) =>
      run(
        async (client) => {
          const device = await client.devices.get({ id });
          terminal.document(device, () =>
            Object.entries(device)
              .map(([field, value]) => `${field}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
              .join('\n'),
          );
        },
        { repeatable: true },
      ),
    );

  addDeviceFlags(devices.command('update <id>'))
    .description('Change a device: devices update gateway-1 --location Roof --unset model')
    .option('--unset <field>', `empty ${emptiableNames}; repeatable`, collect)
    .action((id: DeviceId, flags: DeviceFlags) =>
      run(async (client) => {
        const metadata = await metadataAfter(client, id, flags);
        const changes = { ...fieldsOf(flags), ...metadata, ...emptied(flags.unset ?? []) } as DevicePatch;
        if (Object.keys(changes).length === 0) throw invalid('fields', 'Say what to change, such as --location Roof.');
        const device = await client.devices.update({ id, changes });
        terminal.document(device, () => `Changed ${device.name}.`);
      }),
    );

  addSelectorFlags(devices.command('remove [ids...]'))
    .description('Remove devices: devices remove gateway-1 | devices remove --location Roof --yes')
    .option('--yes', 'really remove all that a selector finds')
    .action((ids: string[], flags: SelectorFlags & { yes?: boolean }) =>
      run(
        async (client) => {
          if (ids.length > 0) flags.device = [...(flags.device ?? []), ...ids];
          const selection = selectionOf(flags);
          if (!('ids' in selection) && !flags.yes) {
            throw invalid('yes', 'This removes every device the selector finds; add --yes to do so.');
          }
          return asLongWork({ client, terminal, kind: 'remove' }, async () => {
            const result = await client.devices.remove({ selection });
            terminal.document(
              result,
              () => `Removed ${result.removed} ${devicesOf(result.removed)}. Undo: devices restore ${result.removalId}`,
            );
          });
        },
        { shared: true },
      ),
    );

  devices
    .command('restore <removal-id>')
    .description('Undo the last removal: devices restore ID')
    .action((removalId: RemovalId) =>
      run(
        (client) =>
          asLongWork({ client, terminal }, async () => {
            const result = await client.devices.restore({ removalId });
            terminal.document(result, () => `Brought back ${result.restored} ${devicesOf(result.restored)}.`);
          }),
        { shared: true },
      ),
    );

  addFilterFlags(devices.command('facets'))
    .description('Count devices by status, location, model and firmware version: devices facets --status online')
    .action((flags: FilterFlags) =>
      run(
        async (client) => {
          const facets = await client.devices.facets({ filter: filterOf(flags) });
          terminal.document(facets, () => facetTables(facets));
        },
        { repeatable: true },
      ),
    );

  addDeviceCheckCommand(devices, { terminal, run });
  addDeviceDiscoverCommand(devices, { terminal, run });
  addDeviceEditCommand(devices, { terminal, run });
  addDeviceListCommands(devices, { terminal, run });
}

function addDeviceFlags(command: Command): Command {
  return command
    .option('--name <name>', 'what people call it')
    .option('--address <host[:port]>', 'host name, IPv4 or IPv6')
    .option('--location <location>')
    .option('--model <model>')
    .option('--firmware-version <version>')
    .option('--status <status>', 'online, offline or unknown')
    .option('--last-seen <time>', 'ISO 8601 time')
    .option('--profile <name>', 'how it is updated')
    .option('--tag <key=value>', 'one value of its metadata, beside the others; repeatable', collect)
    .option('--metadata <json>', 'all of its metadata, a JSON object');
}

/** `--tag` adds to the metadata a device has, or to that of `--metadata`, which takes its place. */
async function metadataAfter(client: PushrodClient, id: DeviceId, { tag, metadata }: DeviceFlags): Promise<object> {
  if (tag === undefined || metadata !== undefined) return {};
  const before = await client.devices.get({ id });
  return { metadata: { ...before.metadata, ...tagsOf(tag) } };
}

function fieldsOf({ tag, metadata, unset: _, id: __, ...fields }: DeviceFlags): Record<string, unknown> {
  if (tag === undefined && metadata === undefined) return { ...fields };
  return {
    ...fields,
    metadata: {
      ...(metadata === undefined ? {} : metadataOf(metadata)),
      ...tagsOf(tag ?? []),
    },
  };
}

function pageRequestOf(flags: FilterFlags & PageFlags): Partial<DevicePageRequest> {
  const [field = '', direction] = (flags.sort ?? '').split(':');
  if (direction !== undefined && direction !== 'desc' && direction !== 'asc') {
    throw invalid('sort', `"${flags.sort}" is not FIELD or FIELD:desc.`);
  }
  return {
    filter: filterOf(flags),
    ...(flags.sort && { sort: { field, descending: direction === 'desc' } as DevicePageRequest['sort'] }),
    ...(flags.limit && { limit: parseWhole(flags.limit, 'limit', 1) }),
    ...(flags.after && { after: flags.after }),
    ...(flags.offset && { offset: parseWhole(flags.offset, 'offset', 0) }),
  };
}

function deviceTable(devices: Device[]): string {
  return table(
    ['ID', 'NAME', 'ADDRESS', 'STATUS', 'FIRMWARE', 'MODEL', 'LOCATION'],
    devices.map((one) => [one.id, one.name, one.address, one.status, one.firmwareVersion, one.model, one.location]),
  );
}

function facetTables({ total, ...facets }: DeviceFacets): string {
  const tables = Object.entries(facets).map(([name, { values, distinct }]) => {
    const more = distinct > values.length ? [[`… ${distinct - values.length} more`, '']] : [];
    const rows = values.map(({ value, count }) => [value ?? '(none)', String(count)]);
    return table([name, 'DEVICES'], [...rows, ...more]);
  });
  return [...tables, `${total} ${devicesOf(total)}`].join('\n\n');
}
