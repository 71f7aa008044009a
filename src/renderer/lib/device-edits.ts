import type { PushrodClient } from '../../shared/contract/index.ts';
import type { Device, DeviceId, DevicePatch } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { type FormerValues, formerValues, hasAll } from './former-values.ts';
import { notice } from './notice.svelte.ts';
import { type ChosenDevices, filterOf, stillThere } from './selection.svelte.ts';
import { undo } from './undo.svelte.ts';

/** What all of them were before is read and held here, and set back value by value. */
export const mostUndoable = { devices: 5_000, values: 200 };

/** Changes devices, says so, and offers to take it back where not too many are changed. @throws what the call throws */
export async function editDevices(client: PushrodClient, chosen: ChosenDevices, changes: DevicePatch): Promise<number> {
  if (!chosen.selection) return 0;
  const former = await formerOf(client, chosen, changes);
  const { changed } = await client.devices.edit({ selection: stillThere(chosen.selection), changes });
  const said = t().devices.edit.changed(changed);
  if (former) undo.did({ said, undo: () => setBack(client, former, changes) });
  else notice.say(t().devices.edit.changedForGood(changed));
  return changed;
}

/** The same for one device, which is called by its name. */
export async function editDevice(
  client: PushrodClient,
  { id, name }: { id: DeviceId; name: string },
  changes: DevicePatch,
): Promise<void> {
  const before = await client.devices.get({ id });
  const after = await client.devices.update({ id, changes });
  const former = formerValues([before], changes);
  const made = { ...changes, ...fieldsOf(after, changes) };
  undo.did({ said: t().devices.edit.changedOne(name), undo: () => setBack(client, former, made) });
}

async function formerOf(
  client: PushrodClient,
  { selection, count }: ChosenDevices,
  changes: DevicePatch,
): Promise<FormerValues[] | undefined> {
  if (count > mostUndoable.devices) return undefined;
  const { devices, total } = await client.devices.list({ filter: filterOf(selection), limit: mostUndoable.devices });
  if (total > devices.length) return undefined;
  const former = formerValues(devices, changes);
  return former.length > mostUndoable.values ? undefined : former;
}

/** What the registry made of the fields that were changed, such as an address without spaces. */
function fieldsOf(device: Device, { setTags: _set, removeTags: _removed, ...fields }: DevicePatch): DevicePatch {
  return Object.fromEntries(Object.keys(fields).map((field) => [field, device[field as keyof typeof fields]]));
}

/** Devices that are gone meanwhile are not missed; what was changed again since then, by whomever, stays. */
async function setBack(client: PushrodClient, former: readonly FormerValues[], made: DevicePatch): Promise<string> {
  let [count, left] = [0, 0];
  for (const { ids, changes } of former) {
    const { devices } = await client.devices.list({ filter: { ids }, limit: ids.length });
    const same = devices.filter((device) => hasAll(device, made)).map(({ id }) => id);
    left += devices.length - same.length;
    if (same.length === 0) continue;
    count += (await client.devices.edit({ selection: { filter: { ids: same } }, changes })).changed;
  }
  return left === 0 ? t().devices.edit.setBack(count) : t().devices.edit.setBackBut(count, left);
}
