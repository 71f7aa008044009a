export type { Delivery, DeliveryJob, DeliveryObserver, DeliveryStep, HttpJob, SshJob, Transfer } from './delivery.ts';
export { readVersionOverHttp, requireUsableLogin, scanCertificate } from './http/index.ts';
export { scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
