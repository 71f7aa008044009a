import { join } from 'node:path';
import { push, remotePathOf, setProfile } from '../test/harness/bench.ts';
import { makeFile } from '../test/harness/files.ts';
import { startBenchDevice } from './bench-device.ts';
import { inTurn, median, timed } from './measure.ts';
import { sshCat } from './peers.ts';
import { record } from './results.ts';

const mib = 1024 * 1024;
const sizeBytes = 256 * mib;
const rounds = 5;

/** One file by the device's shell over loopback: `pushrod push` against `ssh HOST 'cat > FILE'`. */
export async function run(): Promise<void> {
  const device = await startBenchDevice();
  try {
    const file = join(device.dir, 'fw-1.0.bin');
    makeFile(file, sizeBytes);
    const profile = { credential: 'bench', method: 'exec', remotePath: remotePathOf(device.sshd) };
    await setProfile(device.dataDir, 'bench', profile);
    const deliveryMs: number[] = [];
    const ours = () =>
      timed(async () => {
        const { summary } = await push(device.dataDir, ['--firmware', file, '--all']);
        if (summary.succeeded !== 1) throw new Error(`the push failed: ${JSON.stringify(summary)}`);
        deliveryMs.push(summary.devices[0]?.durationMs ?? Number.NaN);
      });
    const times = await inTurn(rounds, { ours, peer: () => timed(() => sshCat(device, file)) });
    const [oursMs, peerMs, engineMs] = [median(times.ours), median(times.peer), median(deliveryMs.slice(1))];
    const rate = (ms: number) => `${Math.round((sizeBytes / mib / ms) * 1_000)} MiB/s`;
    const row = (what: string, ms: number) => `| ${what} | ${Math.round(ms)} ms | ${rate(ms)} |`;
    record('exec-single', [
      `256 MiB to one sshd on loopback by its shell, ${rounds} rounds in turn after a warm-up, medians:`,
      '',
      '| | time | rate |',
      '|---|---|---|',
      row('`pushrod push` with method exec: start, copy into the library with SHA-256, delivery', oursMs),
      row('of which the delivery: connect, upload, flush, SHA-256 on the device, rename', engineMs),
      row("`ssh HOST 'cat > FILE'`: start, connect, upload (nothing is flushed or verified)", peerMs),
      '',
      `Ratio ssh / pushrod: ${(peerMs / oursMs).toFixed(2)} for the whole command, ${(peerMs / engineMs).toFixed(2)} for the delivery.`,
    ]);
  } finally {
    await device.remove();
  }
}
