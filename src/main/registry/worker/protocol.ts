import type { ErrorValue } from '../../../shared/errors.ts';
import type { RegistryStatus } from '../../../shared/model/index.ts';
import type { RegistryWork } from './work.ts';

/** Which registry the thread opens. */
export type RegistryPlace =
  | { kind: 'local'; file: string; backupDir: string }
  /** `benchName` is what other benches read of who holds a device. */
  | { kind: 'shared'; url: string; benchName: string }
  /** A shared one was chosen, but its address was sealed under another key. */
  | { kind: 'sealed' };

/** What the thread is started with. */
export interface ThreadData {
  place: RegistryPlace;
  /** Start even while the registry cannot be opened, and go on trying. */
  patient: boolean;
}

/** Calls that end with one value, and those that give several pieces. */
export type Call = {
  [Name in keyof RegistryWork]: { name: Name; input: Parameters<RegistryWork[Name]>[0] };
}[keyof RegistryWork];

/** What the main thread tells the registry's, several in a message. */
export type ToThread =
  | ({ type: 'call'; callId: number } & Call)
  /** A piece was taken; the next may come. */
  | { type: 'next'; callId: number }
  | { type: 'cancel'; callId: number }
  | { type: 'close' };

/** What the registry's thread tells the main thread, several in a message. */
export type FromThread =
  | { type: 'opened' }
  | { type: 'refused'; error: ErrorValue }
  | { type: 'progress'; callId: number; devices: number }
  | { type: 'piece'; callId: number; value: unknown }
  | { type: 'ended'; callId: number; value?: unknown; error?: ErrorValue }
  | { type: 'migrating'; done: number; steps: number }
  | { type: 'changed' }
  | { type: 'status'; status: Pick<RegistryStatus, 'connected' | 'message'> }
  | { type: 'leaseLost'; leaseId: string };
