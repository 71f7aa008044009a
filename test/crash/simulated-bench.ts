import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { benchCsv, installsFile, startSimulator, versionFile } from '../../src/simulator/index.ts';
import { setProfile } from '../harness/bench.ts';
import { cliJson } from '../harness/cli.ts';
import type { CrashBench, CrashDevice } from './crash-bench.ts';

/** Slow enough that a kill meets transfers and activations on their way. */
const rateBytesPerSecond = 512 * 1024;

/** What becomes of each kind of the simulator's devices; cameras and routers are those that speak HTTP. */
const kinds = {
  gateway: {
    activation: 'confirmed',
    profile: {
      remotePath: '/srv/{firmware.fileName}',
      versionCommand: 'firmware-version',
      activateCommand: 'firmware-install {remotePath} {firmware.version}',
      confirmTimeout: '5s',
      timeouts: { command: '10s' },
    },
  },
  plc: {
    activation: 'blind',
    profile: {
      remotePath: '/srv/{firmware.fileName}',
      activateCommand: 'firmware-install {remotePath} {firmware.version}',
    },
  },
  camera: {
    activation: 'itself',
    profile: {
      transport: 'http',
      confirmTimeout: '5s',
      http: {
        ...{ method: 'PUT', path: '/srv/{firmware.fileName}', verify: 'digest', resume: true },
        ...{ versionPath: '/version', headers: { 'X-Firmware-Version': '{firmware.version}' } },
      },
    },
  },
  router: {
    activation: 'itself',
    profile: {
      transport: 'http',
      http: { path: '/srv/{firmware.fileName}', headers: { 'X-Firmware-Version': '{firmware.version}' } },
    },
  },
} satisfies Record<string, { activation: CrashDevice['activation']; profile: object }>;

const kindOf = (name: string) => name.replace(/-\d+$/, '') as keyof typeof kinds;

/** The simulator, every second device over HTTP. */
export async function startSimulatedBench(devices: number): Promise<CrashBench> {
  const simulator = await startSimulator({ devices, transport: 'mixed', rateBytesPerSecond });
  return {
    devices: simulator.devices.map(({ name }) => {
      const root = simulator.rootOf(name);
      return {
        id: name,
        activation: kinds[kindOf(name)].activation,
        firmwareDir: join(root, 'srv'),
        installsFile: join(root, installsFile),
        versionFile: join(root, versionFile),
      };
    }),
    async register(dataDir) {
      const { username, password } = simulator.credential;
      const add = ['credentials', 'add', 'bench', '--username', username, '--password-stdin'];
      await cliJson(dataDir, add, `${password}\n`);
      for (const [name, { profile }] of Object.entries(kinds)) await setProfile(dataDir, name, profile);
      const [, ...rows] = benchCsv(simulator).trimEnd().split('\n');
      const list = rows.map((row) => {
        const [name = '', address = ''] = row.split(',');
        return [name, name, address, kindOf(name)].join();
      });
      await cliJson(dataDir, ['devices', 'import', '-'], ['id,name,address,profile', ...list, ''].join('\n'));
    },
    clear() {
      for (const { name } of simulator.devices) {
        const root = simulator.rootOf(name);
        for (const entry of readdirSync(root)) rmSync(join(root, entry), { recursive: true });
      }
    },
    close: () => simulator.close(),
  };
}
