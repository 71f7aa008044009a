export { deliverOverSsh } from './deliver.ts';
export { openSocket } from './open-stream.ts';
export { visit as visitOverSsh } from './running.ts';
export { type ShownKey, scanHostKey } from './scan-host-key.ts';
