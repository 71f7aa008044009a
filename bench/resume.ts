import { join } from 'node:path';
import { startBadLink } from '../test/harness/bad-link.ts';
import { push, registerBench, setProfile } from '../test/harness/bench.ts';
import { makeFile } from '../test/harness/files.ts';
import { startBenchDevice } from './bench-device.ts';
import { record } from './results.ts';

const mib = 1024 * 1024;
const sizeBytes = 256 * mib;
const cutAt = 0.9;

/** How much is sent again when a link was cut at nine tenths: at most 11 % of the file. */
export async function run(): Promise<void> {
  const device = await startBenchDevice();
  try {
    const file = join(device.dir, 'fw-1.0.bin');
    makeFile(file, sizeBytes);
    const rows: string[] = [];
    for (const method of ['sftp', 'exec']) {
      const link = await startBadLink(device.sshd.port, 'cut', cutAt * sizeBytes);
      const dataDir = join(device.dir, method);
      await registerBench(dataDir, { ...device.sshd, address: link.address }, ['device']);
      const remotePath = `${device.sshd.user.home}/${method}/fw`;
      await setProfile(dataDir, 'bench', { credential: 'bench', method, remotePath });
      const args = ['--firmware', file, '--all', '--retries', '0'];
      const cut = await push(dataDir, args);
      if (cut.summary.devices[0]?.errorCode !== 'CONNECTION_LOST') throw new Error(JSON.stringify(cut.summary));
      link.mend();
      const { summary } = await push(dataDir, args);
      if (summary.succeeded !== 1) throw new Error(`the push failed: ${JSON.stringify(summary)}`);
      const { bytesSent = 0, durationMs = 0 } = summary.devices[0] ?? {};
      rows.push(`| ${method} | ${((bytesSent / sizeBytes) * 100).toFixed(1)} % | ${durationMs} ms |`);
      await link.close();
    }
    record('resume', [
      'A push of 256 MiB over loopback is cut at 90 %; the next one sends of the file, and takes (11 % is the goal):',
      '',
      '| method | sent again | time of the delivery |',
      '|---|--:|--:|',
      ...rows,
    ]);
  } finally {
    await device.remove();
  }
}
