import type { PushrodClient } from '../shared/contract/index.ts';
import type { Firmware, FirmwareInfo, FirmwarePatch } from '../shared/model/index.ts';

/**
 * Adds a file to the library. Of a file that is there already, only what was said explicitly changes.
 * @param said what the person said of it; the rest of `info` is for a new file only
 */
export async function addFirmware(
  client: PushrodClient,
  path: string,
  info: Omit<Partial<FirmwareInfo>, 'fileName'>,
  said: FirmwarePatch,
  signal: AbortSignal,
): Promise<Firmware> {
  const added = await client.firmware.addPath({ path, info }, { signal });
  const changes = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const isSo = Object.entries(changes).every(
    ([field, value]) => JSON.stringify(added[field as keyof Firmware]) === JSON.stringify(value),
  );
  return isSo ? added : client.firmware.describe({ sha256: added.sha256, changes });
}
