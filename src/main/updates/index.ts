export type { Controls } from './controls.ts';
export { namesModel } from './model-check.ts';
export { planVisit } from './plan.ts';
export { type DeviceEndpoint, endpointOf, type VisitSources } from './plan-sources.ts';
export { jumpHostsOf, planSshQuestion } from './plan-ssh.ts';
export { createUpdates, type Updates } from './updates.ts';
