export { benchCsv } from './bench-csv.ts';
export { type SimulatedDevice, type Simulator, type SimulatorConfig, startSimulator } from './simulator.ts';
