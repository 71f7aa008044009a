import type { Device, Firmware, Profile } from '../../shared/model/index.ts';
import type { Base } from '../delivery/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import { expandPath } from '../profiles/index.ts';

/** Firmware of the library and the path of its bytes. */
export type StoredFirmware = Firmware & { path: string };

/** Of a large library, the newest: what a device runs was pushed before what it gets. */
const mostBases = 32;

/** The newest firmware of the library beside what is pushed. */
export function otherFirmware(firmware: FirmwareStore, pushed: readonly Pick<Firmware, 'sha256'>[]): StoredFirmware[] {
  const others = firmware.list().filter(({ sha256 }) => !pushed.some((one) => one.sha256 === sha256));
  const newest = others.sort((a, b) => b.addedAt.localeCompare(a.addedAt)).slice(0, mostBases);
  return newest.flatMap((one) => whereFits(() => ({ ...one, path: firmware.path(one.sha256) })));
}

/** Where on a device the profile would have put other firmware: it may lie there still. */
export function basesOf(stored: StoredFirmware[], { delta, remotePath }: Profile, device: Device): Base[] {
  if (delta === 'off') return [];
  return stored.flatMap((firmware) =>
    whereFits(() => {
      const { path, sha256, sizeBytes } = firmware;
      return { remotePath: expandPath(remotePath, { device, firmware }), path, sha256, sizeBytes };
    }),
  );
}

/** What is missing from the store, or does not fit the template, is no base. */
function whereFits<T>(make: () => T): T[] {
  try {
    return [make()];
  } catch {
    return [];
  }
}
