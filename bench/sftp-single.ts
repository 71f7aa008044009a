import { join } from 'node:path';
import { push } from '../test/harness/bench.ts';
import { makeFile } from '../test/harness/files.ts';
import { startBenchDevice } from './bench-device.ts';
import { inTurn, median, timed } from './measure.ts';
import { sftpPut } from './peers.ts';
import { record } from './results.ts';

const mib = 1024 * 1024;
const sizeBytes = 256 * mib;
const rounds = 5;

/** One file to one device over loopback: `pushrod push` against OpenSSH's `sftp`. */
export async function run(): Promise<void> {
  const device = await startBenchDevice();
  try {
    const file = join(device.dir, 'fw-1.0.bin');
    makeFile(file, sizeBytes);
    const deliveryMs: number[] = [];
    const ours = () =>
      timed(async () => {
        const { summary } = await push(device.dataDir, ['--firmware', file, '--all']);
        if (summary.succeeded !== 1) throw new Error(`the push failed: ${JSON.stringify(summary)}`);
        deliveryMs.push(summary.devices[0]?.durationMs ?? Number.NaN);
      });
    const peer = () => timed(() => sftpPut(device, file));
    const { ours: oursMs, peer: peerMs } = await inTurn(rounds, { ours, peer });
    const rate = (ms: number) => `${Math.round((sizeBytes / mib / ms) * 1_000)} MiB/s`;
    const engineMs = median(deliveryMs.slice(1));
    record('sftp-single', [
      `256 MiB to one sshd on loopback, ${rounds} rounds in turn after a warm-up, medians of the wall-clock time:`,
      '',
      '| | time | rate |',
      '|---|---|---|',
      `| \`pushrod push\`: start, copy into the library with SHA-256, upload, SHA-256 on the device, rename | ${Math.round(median(oursMs))} ms | ${rate(median(oursMs))} |`,
      `| of which the delivery: connect, upload, SHA-256 on the device, rename | ${Math.round(engineMs)} ms | ${rate(engineMs)} |`,
      `| \`sftp -b\`: start, connect, upload (nothing is verified) | ${Math.round(median(peerMs))} ms | ${rate(median(peerMs))} |`,
      '',
      `Ratio sftp / pushrod: ${(median(peerMs) / median(oursMs)).toFixed(2)} for the whole command, ${(median(peerMs) / engineMs).toFixed(2)} for the delivery (above 1 is faster than sftp).`,
    ]);
  } finally {
    await device.remove();
  }
}
