export type { Confirmation } from './confirm.ts';
export type {
  Base,
  Delivery,
  DeliveryJob,
  DeliveryObserver,
  DeliveryStep,
  Endpoint,
  Ran,
  RolledBack,
  SshHost,
  SshJob,
  Transfer,
} from './delivery.ts';
export { createRateLimit, type RateLimit, setRate } from './rate-limit/index.ts';
export { type ShownKey, scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
