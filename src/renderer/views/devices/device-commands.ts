import type { Command } from '../../lib/commands.svelte.ts';
import { selection } from '../../lib/selection.svelte.ts';
import { session } from '../../lib/session.svelte.ts';
import { undo } from '../../lib/undo.svelte.ts';
import { t } from '../../messages/index.ts';
import type { DevicesInView } from './devices-in-view.svelte.ts';
import { facetPanel } from './facet-panel.svelte.ts';
import { isNarrow } from './narrow.ts';
import type { Opened } from './opened.ts';

/** What a person asks for that the view does. */
export interface DeviceCommandDoing {
  open(what: Opened): void;
  check(): void;
  showColumns(): void;
}

/** What can be done with the devices now, by its name. */
export function deviceCommands(view: DevicesInView, doing: DeviceCommandDoing): Command[] {
  const words = t().devices;
  const group = t().commands.groups.act;
  const opening = (what: Opened, title: string, keys?: string): Command => ({
    ...{ id: `devices.${what}`, title, group, run: () => doing.open(what) },
    ...(keys && { keys }),
  });
  const isConnected = !session.isLost;
  const isChosen = isConnected && selection.count > 0;
  return [
    ...(isChosen ? [opening('edit', words.more.edit)] : []),
    ...(isChosen ? [{ id: 'devices.check', title: words.check.open, group, run: doing.check }] : []),
    ...(isChosen ? [opening('remove', words.remove.open)] : []),
    ...(isConnected
      ? [
          opening('add', words.add.open, 'a'),
          opening('import', words.import.open),
          opening('paste', words.more.paste),
          opening('discover', words.more.discover),
        ]
      : []),
    ...(isConnected && undo.last
      ? [{ id: 'undo', title: words.undo, group, keys: '$mod+z', run: () => void undo.take() }]
      : []),
    ...(view.totalOfAll ? ofList(view, doing) : []),
  ];
}

function ofList({ list, search, choice }: DevicesInView, doing: DeviceCommandDoing): Command[] {
  const { selection: says, facets, columns, table } = t().devices;
  const group = t().commands.groups.act;
  const total = list.total ?? 0;
  const chooseAll = list.narrows ? says.chooseMatching(total) : says.chooseAll(total);
  return [
    ...(total > 0
      ? [{ id: 'devices.chooseMatching', title: chooseAll, group, run: () => choice.chooseMatching() }]
      : []),
    ...(selection.count > 0 ? [{ id: 'devices.clear', title: says.clear, group, run: () => selection.clear() }] : []),
    ...(search.text ? [{ id: 'devices.clearSearch', title: table.clearSearch, group, run: () => search.set('') }] : []),
    { id: 'devices.filters', title: facets.button, group, run: facetPanel.toggle },
    ...(isNarrow.current ? [] : [{ id: 'devices.columns', title: columns.button, group, run: doing.showColumns }]),
  ];
}
