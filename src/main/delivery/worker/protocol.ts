import type { ErrorCode, ErrorDetail } from '../../../shared/errors.ts';
import { PushrodError } from '../../../shared/errors.ts';
import type { DeliveryJob, DeliveryStep } from '../delivery.ts';

/** A PushrodError as structured clone carries it. */
export interface WireError {
  code: ErrorCode;
  message: string;
  details: ErrorDetail[];
}

/** What the main thread tells a worker. */
export type ToWorker =
  | { type: 'deliver'; jobId: number; job: DeliveryJob }
  | { type: 'cancel'; jobId: number }
  /** The step that was announced is on record: go on; or it could not be recorded: stop. */
  | { type: 'entered'; jobId: number; error?: WireError }
  | { type: 'hostKeyDecided'; jobId: number; error?: WireError };

/** What a worker tells the main thread. */
export type FromWorker =
  | { type: 'entering'; jobId: number; step: DeliveryStep }
  | { type: 'progress'; jobId: number; bytesSent: number }
  | { type: 'hostKey'; jobId: number; key: Uint8Array }
  | { type: 'ended'; jobId: number; error?: WireError };

export function toWire({ code, message, details }: PushrodError): WireError {
  return { code, message, details };
}

export function fromWire({ code, message, details }: WireError): PushrodError {
  return new PushrodError(code, message, details);
}
