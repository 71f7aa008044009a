export type { Controls } from './controls.ts';
export { type DeviceEndpoint, endpointOf } from './plan-sources.ts';
export { jumpHostsOf } from './plan-ssh.ts';
export { takesConnections } from './reachable.ts';
export { createUpdates, type Updates } from './updates.ts';
