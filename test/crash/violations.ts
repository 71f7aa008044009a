import type { CrashDevice } from './crash-bench.ts';
import type { Traces } from './traces.ts';

/** What the journal says of a device. */
export interface Recorded {
  state: string;
  errorCode: string | null;
  message: string | null;
}

/** What must be true of a device at any moment, whoever was just killed. */
export function violationsAnyTime({ activation }: CrashDevice, traces: Traces, sha256: string): string[] {
  const { file, installs } = traces;
  return [
    ...when(file === 'broken', 'the file at the final path is not whole'),
    ...when(
      installs.some((installed) => installed !== sha256),
      `something else was activated: ${installs}`,
    ),
    ...when(activation !== 'itself' && installs.length > 1, `it was activated ${installs.length} times`),
  ];
}

/** What must be true of a device, and of the journal's word on it, when its update has ended. */
export function violationsAtEnd(device: CrashDevice, recorded: Recorded, traces: Traces, sha256: string): string[] {
  const { state, errorCode, message } = recorded;
  const isUnknown = endOf(device, recorded) === 'unknown';
  const isUnconfirmed = endOf(device, recorded) === 'unconfirmed';
  const isDone = traces.file === 'whole' && traces.installs.length > 0 && traces.isNew;
  return [
    ...violationsAnyTime(device, traces, sha256),
    ...when(traces.leftovers.length > 0, `left beside the firmware: ${traces.leftovers}`),
    ...when(state === 'succeeded' && !isDone, `it is "succeeded", but ${JSON.stringify(traces)}`),
    ...when(
      (isUnknown || isUnconfirmed) && traces.file === 'absent',
      `its activation began without a file: ${JSON.stringify(traces)}`,
    ),
    ...when(isUnconfirmed && traces.isNew, `its version is "not confirmed", but ${JSON.stringify(traces)}`),
    ...when(endOf(device, recorded) === undefined, `it ended as "${state}": ${errorCode} ${message}`),
  ];
}

/**
 * How a device may end. A kill between the journal's word that the activation begins and the command itself leaves a device
 * that was never activated, and will not be: who reports no version is `unknown`, who does is `unconfirmed`.
 */
export function endOf({ activation }: CrashDevice, { state, errorCode }: Recorded) {
  if (state === 'succeeded') return 'succeeded';
  if (activation === 'blind' && errorCode === 'ACTIVATION_UNKNOWN') return 'unknown';
  if (activation === 'confirmed' && errorCode === 'VERSION_NOT_CONFIRMED') return 'unconfirmed';
  return undefined;
}

/** What must be true of a device that no update is on record for. */
export function violationsUntouched({ leftovers, file, installs }: Traces): string[] {
  const isTouched = file !== 'absent' || leftovers.length > 0 || installs.length > 0;
  return when(isTouched, 'something was done to it before its update was on record');
}

const when = (isSo: boolean, violation: string): string[] => (isSo ? [violation] : []);
