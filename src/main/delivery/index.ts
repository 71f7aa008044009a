export { activates } from './activates.ts';
export type { Confirmation } from './confirm.ts';
export type {
  Base,
  Delivery,
  DeliveryJob,
  DeliveryObserver,
  DeliveryStep,
  Endpoint,
  HttpFile,
  HttpJob,
  Ran,
  RolledBack,
  SshFile,
  SshHost,
  SshJob,
  Transfer,
} from './delivery.ts';
export { requireUsableLogin, scanCertificate } from './http/index.ts';
export { createRateLimit, type RateLimit, setRate } from './rate-limit/index.ts';
export { type ShownKey, scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
