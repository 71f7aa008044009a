export { endpointOf, jumpHostsOf } from './plan.ts';
export { createUpdates, type Updates } from './updates.ts';
