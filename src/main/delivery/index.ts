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
  HttpVisit,
  Ran,
  RolledBack,
  SshFile,
  SshHost,
  SshJob,
  SshVisit,
  Transfer,
  Visit,
} from './delivery.ts';
export { requireUsableLogin, scanCertificate } from './http/index.ts';
export { createRateLimit, type RateLimit, setRate } from './rate-limit/index.ts';
export { openSocket, type ShownKey, scanHostKey } from './ssh/index.ts';
export { createWorkerDelivery } from './worker/index.ts';
