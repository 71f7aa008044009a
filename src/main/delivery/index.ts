export type { Confirmation } from './confirm.ts';
export type {
  Base,
  Delivery,
  DeliveryJob,
  DeliveryObserver,
  DeliveryStep,
  Ran,
  RolledBack,
  SshJob,
  Transfer,
} from './delivery.ts';
export { createRateLimit, type RateLimit, setRate } from './rate-limit/index.ts';
export { scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
