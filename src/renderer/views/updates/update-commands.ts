import type { Command } from '../../lib/commands.svelte.ts';
import { t } from '../../messages/index.ts';
import type { Panel, UpdateStore } from './update-store.svelte.ts';

interface Wishes {
  /** What is asked first. */
  ask(what: 'cancel' | 'activate' | 'limits'): void;
  show(panel: Panel): void;
}

/** What can be done with an update by its name in the palette: what its state allows, and nothing while it is asked for. */
export function updateCommands(store: UpdateStore, mayAct: boolean, { ask, show }: Wishes): Command[] {
  const { name, failed, staged, allowed } = store;
  if (name === undefined) return [];
  const words = t().updates;
  const { actions, panels } = words;
  const offered: [isOffered: boolean, id: string, title: string, run: () => void][] = [
    [allowed.has('pause'), 'pause', actions.pause, () => void store.act('pause')],
    [allowed.has('resume'), 'resume', actions.resume, () => void store.act('resume')],
    [
      ...([allowed.has('retryFailed'), 'retry', actions.retryFailed(failed.length)] as const),
      () => void store.act('retryFailed'),
    ],
    [allowed.has('activate'), 'activate', actions.activate(staged), () => ask('activate')],
    [allowed.has('limits'), 'limits', actions.limits, () => ask('limits')],
    [allowed.has('cancel'), 'cancel', actions.cancel, () => ask('cancel')],
  ];
  const shown = (['devices', 'log', 'outputs'] as const).map((panel): Command => {
    return { id: `update.${panel}`, title: panels[panel], group: name, run: () => show(panel) };
  });
  const acting = offered
    .filter(([isOffered]) => isOffered && mayAct)
    .map(([, id, title, run]): Command => ({ id: `update.${id}`, title, group: name, run }));
  return [...acting, ...shown];
}
