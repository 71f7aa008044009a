import { type ErrorCode, told } from '../../shared/errors.ts';
import type { DeviceUpdate, UpdateFirmware } from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import type { DeviceChange } from './run-device.ts';

/** Why the work on a device is stopped before its end. */
export type StopReason = 'cancelled' | 'interrupted' | 'skipped' | 'tookTooLong' | 'windowClosed';

/** A device is to be worked on anew. */
export const begunAgain: DeviceChange = {
  ...{ state: 'pending', bytesSent: 0, resumedFrom: 0 },
  ...{ errorCode: null, message: null, hint: null, endedAt: null },
};

/** What a stop means for a device that had not ended. */
export function stopped(
  device: DeviceUpdate,
  reason: StopReason,
  { clock, firmware }: { clock: Clock; firmware: readonly UpdateFirmware[] },
): DeviceChange {
  const ended = { rateBytesPerSecond: 0, endedAt: new Date(clock.now()).toISOString(), unconfirmedSince: null };
  const failed = (state: 'failed' | 'cancelled', code: ErrorCode, message: string) => ({
    ...{ state, ...told({ code, message }), ...ended },
  });
  const isConfirmable = device.unconfirmedSince !== null;
  const isUnderWay = device.state === 'activating' || device.state === 'rollingBack';
  if (isConfirmable ? reason !== 'interrupted' : isUnderWay) {
    const message = isConfirmable
      ? 'It was stopped after the activate command was started, and its version is not confirmed.'
      : `Pushrod stopped while the ${device.state === 'activating' ? 'activate' : 'rollback'} command ran.`;
    return failed('failed', 'ACTIVATION_UNKNOWN', message);
  }
  const fileNames = firmware.map(({ fileName }) => fileName).join(', ');
  const rest = device.state === 'staged' ? `; what is verified in its place stays on the device: ${fileNames}.` : '.';
  switch (reason) {
    case 'interrupted':
      // Nobody waits for anything any more; why the last try failed is still worth knowing.
      return {
        state: 'interrupted',
        message: device.errorCode === null ? null : device.message,
        rateBytesPerSecond: 0,
      };
    case 'cancelled':
      return failed('cancelled', 'CANCELLED', `The push to this device was cancelled${rest}`);
    case 'skipped':
      return { state: 'skipped', errorCode: null, message: `It was skipped on request${rest}`, hint: null, ...ended };
    case 'windowClosed':
      return {
        state: 'pending',
        errorCode: null,
        message: 'Its window closed before it had all.',
        hint: null,
        rateBytesPerSecond: 0,
      };
    case 'tookTooLong':
      return failed('failed', 'TIMEOUT', 'The push to this device took longer than it may.');
  }
}
