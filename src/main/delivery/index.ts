export type { Delivery, DeliveryJob, DeliveryObserver, DeliveryStep, SshJob, Transfer } from './delivery.ts';
export { scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
