export { endpointOf } from './plan-sources.ts';
export { createUpdates, type Updates } from './updates.ts';
