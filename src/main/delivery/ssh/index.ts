export { deliverOverSsh } from './deliver.ts';
export { scanHostKey } from './scan-host-key.ts';
