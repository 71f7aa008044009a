import { PushrodError } from '../../shared/errors.ts';
import {
  compareVersions,
  type Device,
  type Firmware,
  type Profile,
  type PushRequest,
  type UpdateFirmware,
} from '../../shared/model/index.ts';
import { modelMismatch } from './model-check.ts';

/** What a device got last, and said of it. */
export interface LastDelivered {
  sha256: string[];
  /** The version the device reported afterwards; `null` when it was not asked. */
  firmwareVersion: string | null;
}

interface Asked {
  request: Pick<PushRequest, 'force' | 'allowDowngrade'>;
  firmware: readonly UpdateFirmware[];
  /** What the library says of the firmware. */
  stored: readonly Pick<Firmware, 'fileName' | 'models' | 'signature'>[];
  /** How the device is updated. */
  profile: Pick<Profile, 'requireSignature'>;
  device: Device;
  /** Asked only where it makes a difference. */
  lastDelivered(): LastDelivered | undefined;
}

/** Why a device does not get the firmware; `undefined` when it does. */
export function skipReason({
  request,
  firmware,
  stored,
  profile,
  device,
  lastDelivered,
}: Asked): PushrodError | undefined {
  for (const one of stored) {
    const mismatch = modelMismatch(one, device);
    if (mismatch) return mismatch;
    if (profile.requireSignature && !one.signature?.signer) return unsigned(one, device);
  }
  const version = firmware.at(-1)?.version;
  const runs = device.firmwareVersion;
  if (!version || runs === null) return undefined;
  if (!request.force && isCurrent(version, runs, firmware, lastDelivered)) {
    return new PushrodError('ALREADY_CURRENT', `"${device.name}" runs ${version} from this very firmware already.`);
  }
  if (!request.allowDowngrade && compareVersions(runs, version) > 0) {
    return new PushrodError('DOWNGRADE_REFUSED', `"${device.name}" runs ${runs}, which is newer than ${version}.`);
  }
  return undefined;
}

function unsigned({ fileName, signature }: Asked['stored'][number], { name }: Device): PushrodError {
  const what = signature ? `is signed with the key ${signature.keyId}, which is not trusted` : 'is not signed';
  return new PushrodError('SIGNATURE_INVALID', `${fileName} ${what}, and "${name}" takes signed firmware only.`);
}

/** Why a device is skipped whose turn did not come: another bench has it. */
export function leasedElsewhere(deviceName: string, bench: string): PushrodError {
  return new PushrodError('LEASED_ELSEWHERE', `${bench} is pushing to "${deviceName}".`);
}

/** The same bytes were brought, the device said so afterwards, and nobody has heard otherwise since. */
function isCurrent(
  version: string,
  runs: string,
  firmware: readonly UpdateFirmware[],
  lastDelivered: Asked['lastDelivered'],
): boolean {
  if (compareVersions(runs, version) !== 0) return false;
  const last = lastDelivered();
  if (!last || last.firmwareVersion === null) return false;
  const sameBytes =
    last.sha256.length === firmware.length && last.sha256.every((sha256, index) => sha256 === firmware[index]?.sha256);
  return sameBytes && compareVersions(last.firmwareVersion, version) === 0;
}
