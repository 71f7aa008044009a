export type {
  Delivery,
  DeliveryJob,
  DeliveryObserver,
  DeliveryStep,
  Endpoint,
  SshHost,
  SshJob,
  Transfer,
} from './delivery.ts';
export { type ShownKey, scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
