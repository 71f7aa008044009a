export { createFirmwareStore, type FirmwareStore } from './firmware-store.ts';
