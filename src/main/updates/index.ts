export { type DeviceEndpoint, endpointOf } from './plan-sources.ts';
export { jumpHostsOf } from './plan-ssh.ts';
export { createUpdates, type Updates } from './updates.ts';
