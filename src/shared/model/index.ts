export * from './address.ts';
export * from './credential.ts';
export * from './device.ts';
export * from './firmware.ts';
export * from './host-key.ts';
export * from './profile.ts';
export * from './timestamp.ts';
export * from './update.ts';
