export type { Confirmation } from './confirm.ts';
export type {
  Delivery,
  DeliveryJob,
  DeliveryObserver,
  DeliveryStep,
  Ran,
  RolledBack,
  SshJob,
  Transfer,
} from './delivery.ts';
export { scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
