export { benchCsv } from './bench-csv.ts';
export { type Board, boardLogin, startBoard } from './board.ts';
export { type FaultShares, faults } from './faults.ts';
export { installsFile, versionFile } from './installed-firmware.ts';
export {
  type BenchTransport,
  type SimulatedDevice,
  type Simulator,
  type SimulatorConfig,
  startSimulator,
} from './simulator.ts';
