import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setProfile } from '../harness/bench.ts';
import { cliJson } from '../harness/cli.ts';
import { startSshd } from '../harness/sshd.ts';
import type { CrashBench, CrashDevice } from './crash-bench.ts';

/** One real sshd, on which each device has a directory of its own; every second one takes its file through the shell. */
export async function startSshdBench(devices: number): Promise<CrashBench> {
  const sshd = await startSshd();
  const { home } = sshd.user;
  const directory = `${home}/{device.id}`;
  const common = {
    credential: 'bench',
    remotePath: `${directory}/srv/{firmware.fileName}`,
    activateCommand: [
      `sha256sum < {remotePath} >> ${directory}/installs`,
      'sleep 0.2',
      `printf %s {firmware.version} > ${directory}/version`,
    ].join(' && '),
    confirmTimeout: '5s',
    timeouts: { command: '10s' },
  };
  const profiles = {
    confirmed: { ...common, versionCommand: `cat ${directory}/version` },
    blind: { ...common, method: 'exec' },
  };
  const activationOf = (index: number): CrashDevice['activation'] => (index % 2 === 0 ? 'confirmed' : 'blind');
  const ids = Array.from({ length: devices }, (_, index) => `device-${index + 1}`);
  return {
    devices: ids.map((id, index) => ({
      id,
      activation: activationOf(index),
      firmwareDir: join(home, id, 'srv'),
      installsFile: join(home, id, 'installs'),
      versionFile: join(home, id, 'version'),
    })),
    async register(dataDir) {
      await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', sshd.user.name, '--key', sshd.key.file]);
      for (const [name, profile] of Object.entries(profiles)) await setProfile(dataDir, name, profile);
      const list = ids.map((id, index) => [id, id, sshd.address, activationOf(index)].join());
      await cliJson(dataDir, ['devices', 'import', '-'], ['id,name,address,profile', ...list, ''].join('\n'));
    },
    clear() {
      for (const id of ids) rmSync(join(home, id), { recursive: true, force: true });
    },
    close: () => sshd.stop(),
  };
}
