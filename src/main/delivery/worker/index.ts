export { createWorkerDelivery } from './worker-delivery.ts';
