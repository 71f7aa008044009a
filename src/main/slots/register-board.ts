import { PushrodError } from '../../shared/errors.ts';
import { type Device, deviceId, type Metadata, type NamedSlot, newDevice } from '../../shared/model/index.ts';
import type { KnownHosts } from '../hosts/index.ts';
import type { Devices } from '../registry/index.ts';
import type { Board } from './identify.ts';

/** A board as the registry has it. */
export interface Registered {
  device: Device;
  isNew: boolean;
}

/**
 * Remembers a board's host key under its serial, and registers it under that, at the slot's address.
 * @throws PushrodError `HOST_KEY_CHANGED` when the serial was seen with another key; `CONFLICT` when its id is another
 * device's; `DEVICE_ERROR` when no id can be made of it
 */
export async function registerBoard(
  { devices, hosts }: { devices: Devices; hosts: KnownHosts },
  { name: slot, address, profile }: NamedSlot,
  { serial, key }: Board,
): Promise<Registered> {
  const id = idOf(serial);
  const found = await devices.get(id).catch(unlessMissing);
  if (found && found.metadata.serial !== serial) {
    throw new PushrodError('CONFLICT', `The board ${serial} would be registered as "${id}", which is another device.`);
  }
  const hostKeyAlias = `serial:${id}`;
  const decision = hosts.decide(hostKeyAlias, 22, key, 'accept-new');
  if (!decision.trusted) throw decision.error;
  const metadata: Metadata = { ...found?.metadata, serial, slot, hostKeyAlias };
  if (found) return { device: await devices.update(id, { address, profile, metadata }), isNew: false };
  const device = await devices.add(newDevice.parse({ id, name: serial, address, profile, metadata }));
  return { device, isNew: true };
}

/** What an id cannot hold, such as the colons of a MAC address, becomes a hyphen. */
function idOf(serial: string): Device['id'] {
  const id = deviceId.safeParse(serial.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, ''));
  if (id.success) return id.data;
  throw new PushrodError('DEVICE_ERROR', `The board calls itself "${serial}", of which no id can be made.`);
}

function unlessMissing(thrown: unknown): undefined {
  if (!(thrown instanceof PushrodError && thrown.code === 'DEVICE_NOT_FOUND')) throw thrown;
}
