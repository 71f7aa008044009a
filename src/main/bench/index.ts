export { type Bench, createBench } from './bench.ts';
