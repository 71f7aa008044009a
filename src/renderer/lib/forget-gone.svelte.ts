import { untrack } from 'svelte';
import type { PushrodClient } from '../../shared/contract/index.ts';
import type { DeviceId } from '../../shared/model/index.ts';
import { LiveQuery } from './live-query.svelte.ts';
import { selection } from './selection.svelte.ts';
import type { Topics } from './topics.svelte.ts';

/** Of more it is not asked with each change which are gone: their ids alone are megabytes. */
const mostAsked = 10_000;

/** Takes devices off the selection that left the registry, by whomever. Called while a component is set up. */
export function forgetGoneDevices(client: () => PushrodClient, topics: () => Topics): void {
  const gone = new LiveQuery<DeviceId[]>();

  $effect(() => {
    topics().count('devices');
    const ids = [...selection.ids, ...selection.exceptIds];
    if (ids.length > 0 && ids.length <= mostAsked) gone.fetch(() => goneAmong(client(), ids));
  });
  $effect(() => {
    const { value = [] } = gone;
    if (value.length > 0) untrack(() => selection.forget(value));
  });
}

async function goneAmong(client: PushrodClient, ids: DeviceId[]): Promise<DeviceId[]> {
  const { total } = await client.devices.list({ filter: { ids }, limit: 1 });
  if (total === ids.length) return [];
  const { devices } = await client.devices.list({ filter: { ids }, limit: ids.length });
  const there = new Set(devices.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}
