export { createPacer, type Pacer } from './pacer.ts';
export { createRateLimit, type RateLimit, setRate } from './rate-limit.ts';
