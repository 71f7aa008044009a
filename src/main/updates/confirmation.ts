import { PushrodError } from '../../shared/errors.ts';
import type { Profile, UpdateFirmware } from '../../shared/model/index.ts';
import type { Confirmation } from '../delivery/index.ts';

/** How long a device may take to come back with the new version, where the profile does not say. */
const usualConfirmMs = 300_000;

/**
 * What a device has to show after its activation.
 * @param tellsVersion whether the profile says how to ask for the version
 * @throws PushrodError `INVALID_INPUT` where there is no version to compare with
 */
export function confirmationOf(
  { rebootExpected, confirmTimeoutMs = usualConfirmMs }: Profile,
  tellsVersion: boolean,
  firmware: UpdateFirmware,
): Confirmation {
  if (tellsVersion && firmware.version === '') {
    const message = `The profile confirms the version of a device, but ${firmware.fileName} has none to compare it with.`;
    throw new PushrodError('INVALID_INPUT', message, [
      { field: 'version', message: 'say which version this firmware is' },
    ]);
  }
  const version = tellsVersion ? firmware.version : undefined;
  return { version, rebootExpected, timeoutMs: confirmTimeoutMs };
}
