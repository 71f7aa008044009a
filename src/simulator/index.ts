export { benchCsv } from './bench-csv.ts';
export {
  type BenchTransport,
  type SimulatedDevice,
  type Simulator,
  type SimulatorConfig,
  startSimulator,
} from './simulator.ts';
