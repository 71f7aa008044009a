export { deliverOverSsh } from './deliver.ts';
export { type ShownKey, scanHostKey } from './scan-host-key.ts';
