import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { Command } from '../../lib/commands.svelte.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { goTo } from '../../lib/route.svelte.ts';
import { t } from '../../messages/index.ts';

const mostShown = 6;

/** Devices and updates whose names a person types into the palette. */
export class Found {
  readonly #devices = new LiveQuery<Command[]>();
  readonly #updates = new LiveQuery<Command[]>();

  get commands(): Command[] {
    return [...(this.#devices.value ?? []), ...(this.#updates.value ?? [])];
  }

  find(client: PushrodClient, search: string): void {
    this.#devices.fetch(() => devicesFound(client, search));
    this.#updates.fetch(() => updatesFound(client, search));
  }
}

async function devicesFound(client: PushrodClient, search: string): Promise<Command[]> {
  if (search === '') return [];
  const { devices } = await client.devices.list({ filter: { search }, limit: mostShown });
  return devices.map(({ id, name, address }) => ({
    ...{ id: `device.${id}`, title: `${name} – ${address}`, group: t().commands.groups.devices },
    run: () => goTo(`#/devices/${encodeURIComponent(id)}`),
  }));
}

async function updatesFound(client: PushrodClient, search: string): Promise<Command[]> {
  if (search === '') return [];
  const { updates } = await client.updates.list();
  const named = updates.map(({ id, firmware }) => ({ id, title: firmware.map(({ fileName }) => fileName).join(', ') }));
  return named
    .filter(({ title }) => hasWords(title, search))
    .slice(0, mostShown)
    .map(({ id, title }) => ({
      ...{ id: `update.${id}`, title, group: t().commands.groups.updates },
      run: () => goTo(`#/updates/${id}`),
    }));
}

/** Whether each word that was typed is somewhere in the text. */
export function hasWords(text: string, typed: string): boolean {
  const folded = text.toLocaleLowerCase();
  return typed
    .toLocaleLowerCase()
    .split(/\s+/u)
    .every((word) => folded.includes(word));
}
