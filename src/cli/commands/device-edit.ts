import type { Command } from 'commander';
import type { DevicePatch } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { emptiableNames, emptied, invalid, metadataOf } from '../device-fields.ts';
import { asLongWork } from '../long-work.ts';
import { addSelectorFlags, collect, type SelectorFlags, selectionOf } from '../selector.ts';
import { devicesOf } from '../units.ts';

/** Fields of `--set FIELD=VALUE`, as they are written on the command line. */
const settable = {
  name: 'name',
  address: 'address',
  status: 'status',
  'last-seen': 'lastSeen',
  'firmware-version': 'firmwareVersion',
  location: 'location',
  model: 'model',
  profile: 'profile',
  metadata: 'metadata',
} as const;

const tag = 'tag:';

interface EditFlags extends SelectorFlags {
  set?: string[];
  unset?: string[];
  yes?: boolean;
}

export function addDeviceEditCommand(devices: Command, { terminal, run }: CommandContext): void {
  addSelectorFlags(devices.command('edit'))
    .description('Change all that a selector finds: devices edit --model CAM-7 --set location="Hall 2" --yes')
    .option('--set <field=value>', `${Object.keys(settable).join(', ')}; tag:KEY; repeatable`, collect)
    .option('--unset <field>', `empty ${emptiableNames}, or take away tag:KEY; repeatable`, collect)
    .option('--yes', 'really change all that a selector finds')
    .action((flags: EditFlags) =>
      run(
        async (client) => {
          const selection = selectionOf(flags);
          const changes = changesOf(flags);
          if (Object.keys(changes).length === 0) {
            throw invalid('set', 'Say what to change, such as --set location="Hall 2" or --unset model.');
          }
          if (!('ids' in selection) && !flags.yes) {
            throw invalid('yes', 'This changes every device the selector finds; add --yes to do so.');
          }
          return asLongWork({ client, terminal, kind: 'edit' }, async () => {
            const result = await client.devices.edit({ selection, changes });
            terminal.document(result, () => `Changed ${result.changed} ${devicesOf(result.changed)}.`);
          });
        },
        { shared: true },
      ),
    );
}

function changesOf({ set = [], unset = [] }: EditFlags): DevicePatch {
  const isTag = (text: string) => text.startsWith(tag);
  const setTags = set.filter(isTag).map((pair) => {
    const [, key, value] = /^tag:([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined) throw invalid('set', `"${pair}" is not tag:KEY=VALUE`);
    return [key, value];
  });
  const removeTags = unset.filter(isTag).map((text) => text.slice(tag.length));
  return {
    ...fieldsOf(set.filter((pair) => !isTag(pair))),
    ...emptied(unset.filter((field) => !isTag(field))),
    ...(setTags.length > 0 && { setTags: Object.fromEntries(setTags) }),
    ...(removeTags.length > 0 && { removeTags }),
  };
}

function fieldsOf(pairs: string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [field = '', ...rest] = pair.split('=');
      const value = rest.join('=');
      if (rest.length === 0) throw invalid('set', `"${pair}" is not FIELD=VALUE`);
      if (!Object.hasOwn(settable, field)) {
        throw invalid('set', `"${field}" cannot be set; ${Object.keys(settable).join(', ')} can.`);
      }
      return [settable[field as keyof typeof settable], field === 'metadata' ? metadataOf(value) : value];
    }),
  );
}
