import { join } from 'node:path';
import { push, registerBench } from '../test/harness/bench.ts';
import { startDelayedLink } from '../test/harness/delayed-link.ts';
import { makeFile } from '../test/harness/files.ts';
import { type BenchDevice, startBenchDevice } from './bench-device.ts';
import { inTurn, median, type Side, timed } from './measure.ts';
import { has, lftpPut, rclonePut, sftpPut } from './peers.ts';
import { record } from './results.ts';

const mib = 1024 * 1024;
const sizeMib = 128;
const rounds = 3;
const roundTripsMs = [10, 40, 100];

/** One file over a link of much bandwidth and a long delay: `pushrod push` against sftp, rclone and lftp. */
export async function run(): Promise<void> {
  const device = await startBenchDevice();
  try {
    const file = join(device.dir, 'fw-1.0.bin');
    makeFile(file, sizeMib * mib);
    const rows: string[] = [];
    for (const roundTripMs of roundTripsMs) rows.push(await measure(device, file, roundTripMs));
    record('sftp-latency', [
      `${sizeMib} MiB to one sshd through a delaying proxy, ${rounds} rounds in turn after a warm-up, medians in ms of the`,
      'whole command; in brackets of the delivery alone (connect, upload, SHA-256 on the device, rename). The peers verify nothing.',
      '',
      '| round trip | pushrod push | sftp | rclone | lftp | sftp / pushrod | sftp / delivery |',
      '|--:|--:|--:|--:|--:|--:|--:|',
      ...rows,
    ]);
  } finally {
    await device.remove();
  }
}

async function measure(device: BenchDevice, file: string, roundTripMs: number): Promise<string> {
  const link = await startDelayedLink(device.sshd.port, roundTripMs);
  try {
    const dataDir = join(device.dir, `data-${roundTripMs}`);
    await registerBench(dataDir, { ...device.sshd, address: `127.0.0.1:${link.port}` }, ['device']);
    const deliveryMs: number[] = [];
    const pushrod = () =>
      timed(async () => {
        const { summary } = await push(dataDir, ['--firmware', file, '--all']);
        if (summary.succeeded !== 1) throw new Error(`the push failed: ${JSON.stringify(summary)}`);
        deliveryMs.push(summary.devices[0]?.durationMs ?? Number.NaN);
      });
    const sides: Record<string, Side> = { pushrod, sftp: () => timed(() => sftpPut(device, file, link.port)) };
    if (has('rclone')) sides.rclone = () => timed(() => rclonePut(device, file, link.port));
    if (has('lftp')) sides.lftp = () => timed(() => lftpPut(device, file, link.port));
    const times = await inTurn(rounds, sides);
    const medianOf = (name: string) => median(times[name] ?? []);
    const cell = (name: string) => (times[name] ? Math.round(medianOf(name)) : '–');
    const engineMs = median(deliveryMs.slice(1));
    const ours = `${cell('pushrod')} (${Math.round(engineMs)})`;
    const ratios = [medianOf('pushrod'), engineMs].map((ms) => (medianOf('sftp') / ms).toFixed(2));
    return `| ${[`${roundTripMs} ms`, ours, cell('sftp'), cell('rclone'), cell('lftp'), ...ratios].join(' | ')} |`;
  } finally {
    await link.close();
  }
}
