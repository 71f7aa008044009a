import type { ErrorValue } from '../../../shared/errors.ts';
import type { DeliveryJob, DeliveryStep, Endpoint, Ran, Transfer, Visit } from '../delivery.ts';

/** What the main thread tells a worker. */
export type ToWorker =
  | { type: 'deliver'; jobId: number; job: DeliveryJob }
  | { type: 'visit'; jobId: number; visit: Visit }
  | { type: 'cancel'; jobId: number }
  /** The step that was announced is on record: go on; or it could not be recorded: stop. */
  | { type: 'entered'; jobId: number; error?: ErrorValue }
  | { type: 'hostKeyDecided'; jobId: number; error?: ErrorValue };

/** What a worker tells the main thread. */
export type FromWorker =
  | { type: 'entering'; jobId: number; step: DeliveryStep; transfer?: Transfer }
  | { type: 'progress'; jobId: number; bytesSent: number }
  | { type: 'foundVersion'; jobId: number; version: string }
  | { type: 'ran'; jobId: number; ran: Ran }
  | { type: 'hostKey'; jobId: number; at: Endpoint; key: Uint8Array }
  | { type: 'ended'; jobId: number; error?: ErrorValue }
  | { type: 'rolledBack'; jobId: number; because: ErrorValue };
