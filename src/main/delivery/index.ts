export type { Delivery, DeliveryJob, DeliveryObserver, DeliveryStep } from './delivery.ts';
export { scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
