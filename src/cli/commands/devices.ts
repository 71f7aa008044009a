import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { PushrodError } from '../../shared/errors.ts';
import type {
  Device,
  DeviceId,
  DevicePageRequest,
  DevicePatch,
  ImportRequest,
  NewDevice,
} from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import {
  addFilterFlags,
  addSelectorFlags,
  collect,
  type FilterFlags,
  filterOf,
  type SelectorFlags,
  selectionOf,
  tagOf,
} from '../selector.ts';
import { table } from '../table.ts';
import { parseWhole } from '../units.ts';

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

/** Fields `--unset` may empty, as they are written on the command line. */
const emptiable = {
  location: 'location',
  model: 'model',
  'firmware-version': 'firmwareVersion',
  'last-seen': 'lastSeen',
  profile: 'profile',
} as const;

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
    .action((flags: FilterFlags & { sort?: string; limit?: string; offset?: string }) =>
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
    .option('--unset <field>', `empty ${Object.keys(emptiable).join(', ')}; repeatable`, collect)
    .action((id: DeviceId, flags: DeviceFlags) =>
      run(async (client) => {
        const changes = { ...fieldsOf(flags), ...emptied(flags.unset ?? []) } as DevicePatch;
        if (Object.keys(changes).length === 0) throw invalid('fields', 'Say what to change, such as --location Roof.');
        const device = await client.devices.update({ id, changes });
        terminal.document(device, () => `Changed ${device.name}.`);
      }),
    );

  addSelectorFlags(devices.command('remove [ids...]'))
    .description('Remove devices: devices remove gateway-1 | devices remove --location Roof --yes')
    .option('--yes', 'really remove all that a selector finds')
    .action((ids: string[], flags: SelectorFlags & { yes?: boolean }) =>
      run(async (client) => {
        if (ids.length > 0) flags.device = [...(flags.device ?? []), ...ids];
        const selection = selectionOf(flags);
        if (!('ids' in selection) && !flags.yes) {
          throw invalid('yes', 'This removes every device the selector finds; add --yes to do so.');
        }
        const result = await client.devices.remove({ selection });
        terminal.document(result, () => `Removed ${result.removed} ${plural(result.removed)}.`);
      }),
    );

  devices
    .command('import <file>')
    .description('Import a list: devices import bench.csv --dry-run | devices import - < bench.csv')
    .option('--format <format>', 'csv', 'csv')
    .option('--on-conflict <what>', 'fail, skip or update devices whose id is taken', 'fail')
    .option('--dry-run', 'check and count, change nothing')
    .action((file: string, flags: Pick<ImportRequest, 'format' | 'onConflict'> & { dryRun?: boolean }) =>
      run(async (client) => {
        const content = file === '-' ? await terminal.input() : await readList(file);
        const { format, onConflict, dryRun = false } = flags;
        const result = await client.devices.import({ format, content, onConflict, dryRun });
        const { added, updated, skipped } = result;
        const start = dryRun ? 'Would import' : 'Imported';
        terminal.document(result, () => `${start}: ${added} added, ${updated} updated, ${skipped} skipped.`);
      }),
    );
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
    .option('--tag <key=value>', 'one value of its metadata; repeatable', collect)
    .option('--metadata <json>', 'all of its metadata, a JSON object');
}

function fieldsOf({ tag, metadata, unset: _, id: __, ...fields }: DeviceFlags): Record<string, unknown> {
  if (tag === undefined && metadata === undefined) return { ...fields };
  return { ...fields, metadata: { ...metadataOf(metadata), ...Object.fromEntries((tag ?? []).map(tagOf)) } };
}

function metadataOf(text: string | undefined): object {
  if (text === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Not JSON at all: the same answer.
  }
  throw invalid('metadata', 'Write metadata as a JSON object, such as \'{"rack":"4"}\'.');
}

function emptied(fields: string[]): Record<string, null> {
  return Object.fromEntries(
    fields.map((field) => {
      if (Object.hasOwn(emptiable, field)) return [emptiable[field as keyof typeof emptiable], null];
      throw invalid('unset', `"${field}" cannot be emptied; ${Object.keys(emptiable).join(', ')} can.`);
    }),
  );
}

function pageRequestOf(
  flags: FilterFlags & { sort?: string; limit?: string; offset?: string },
): Partial<DevicePageRequest> {
  const [field = '', direction] = (flags.sort ?? '').split(':');
  if (direction !== undefined && direction !== 'desc' && direction !== 'asc') {
    throw invalid('sort', `"${flags.sort}" is not FIELD or FIELD:desc.`);
  }
  return {
    filter: filterOf(flags),
    ...(flags.sort && { sort: { field, descending: direction === 'desc' } as DevicePageRequest['sort'] }),
    ...(flags.limit && { limit: parseWhole(flags.limit, 'limit', 1) }),
    ...(flags.offset && { offset: parseWhole(flags.offset, 'offset', 0) }),
  };
}

function deviceTable(devices: Device[]): string {
  return table(
    ['ID', 'NAME', 'ADDRESS', 'STATUS', 'FIRMWARE', 'MODEL', 'LOCATION'],
    devices.map((one) => [one.id, one.name, one.address, one.status, one.firmwareVersion, one.model, one.location]),
  );
}

async function readList(file: string): Promise<string> {
  const bytes = await readFile(file).catch((thrown: NodeJS.ErrnoException) => {
    throw invalid('file', `${file} cannot be read (${thrown.code}).`);
  });
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw invalid('file', `${file} is not UTF-8 text; save it as CSV UTF-8.`);
}

const plural = (count: number) => (count === 1 ? 'device' : 'devices');

function invalid(field: string, message: string): PushrodError {
  return new PushrodError('INVALID_INPUT', message, [{ field, message }]);
}
