export { createFirmwareStore, type FirmwareStore } from './firmware-store.ts';
export { createSigners, type Signers } from './signers.ts';
