export { createGate, type Gate, type GateLimits } from './gate.ts';
export { createPresence, type Presence } from './presence.ts';
