import { chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { push, registerBench, setProfile } from '../test/harness/bench.ts';
import { cliJson } from '../test/harness/cli.ts';
import { makeFile } from '../test/harness/files.ts';
import { type BenchDevice, startBenchDevice } from './bench-device.ts';
import { inTurn, median, type Side, timed } from './measure.ts';
import { has, rsyncPut } from './peers.ts';
import { record } from './results.ts';
import { startShapedLink } from './shaped-link.ts';

const kib = 1024;
const sizeBytes = 64 * kib * kib;
const linkBytesPerSecond = 2_000_000;
const rounds = 3;
/** Runs of 4 KiB to 1 MiB, together 2 % of the file. */
const changedRuns = [1024, 128, 64, 32, 16, 8, ...Array<number>(9).fill(4)].map((size) => size * kib);

/** What a side took in each round, and what went over the link. */
interface Measured {
  deliveryMs: number[];
  sentBytes: number[];
}

/** A new version that differs in 2 % from what the device has, over a slow link: a delta, a full push, and rsync. */
export async function run(): Promise<void> {
  const device = await startBenchDevice();
  const link = await startShapedLink(device.sshd.port, linkBytesPerSecond);
  try {
    const [before, after] = [join(device.dir, 'fw-1.0.bin'), join(device.dir, 'fw-1.1.bin')];
    makeFile(before, sizeBytes);
    writeFileSync(after, changed(readFileSync(before)));
    const onDevice = deviceFile(device);
    const measured: Record<string, Measured> = {};
    /** Every round begins with the former firmware on the device. */
    const side = (name: string, work: () => Promise<number>): Side => {
      const told: Measured = { deliveryMs: [], sentBytes: [] };
      measured[name] = told;
      return async () => {
        onDevice.put(before);
        const sentBefore = link.sentBytes();
        const ms = await timed(async () => told.deliveryMs.push(await work()));
        told.sentBytes.push(link.sentBytes() - sentBefore);
        onDevice.requireSame(after);
        return ms;
      };
    };
    const pushWith = async (delta: 'auto' | 'off') => {
      const dataDir = join(device.dir, `data-${delta}`);
      await registerBench(dataDir, { ...device.sshd, address: `127.0.0.1:${link.port}` }, ['device']);
      await setProfile(dataDir, 'bench', { credential: 'bench', method: 'sftp', remotePath: onDevice.path, delta });
      await cliJson(dataDir, ['firmware', 'add', before, '--version', '1.0']);
      return async () => {
        const { summary } = await push(dataDir, ['--firmware', after, '--all']);
        const [ended] = summary.devices;
        if (ended?.state !== 'succeeded') throw new Error(`the push failed: ${JSON.stringify(summary)}`);
        return ended.durationMs ?? Number.NaN;
      };
    };
    const sides: Record<string, Side> = {
      'full push': side('full push', await pushWith('off')),
      delta: side('delta', await pushWith('auto')),
    };
    if (has('rsync')) sides.rsync = side('rsync', () => timed(() => rsyncPut(device, after, onDevice.path, link.port)));
    const times = await inTurn(rounds, sides);
    const medianMs = (name: string) => median(times[name] ?? []);
    const deliveryMs = (name: string) => median(measured[name]?.deliveryMs.slice(1) ?? []);
    const rows = Object.keys(sides).map((name) => {
      const share = median(measured[name]?.sentBytes.slice(1) ?? []) / sizeBytes;
      const ratios = [medianMs('full push') / medianMs(name), deliveryMs('full push') / deliveryMs(name)];
      const cells = [Math.round(medianMs(name)), Math.round(deliveryMs(name)), ...ratios.map((one) => one.toFixed(1))];
      return `| ${[name, ...cells, `${(share * 100).toFixed(2)} %`].join(' | ')} |`;
    });
    record('delta', [
      `64 MiB of which 2 % changed, in runs of 4 KiB to 1 MiB, over a link of 2 MB/s, ${rounds} rounds in turn after a warm-up,`,
      'medians in ms of the whole command and of the delivery alone, their ratios to the full push (10 is the goal), and what',
      'went over the link towards the device, as a share of the file (5 % is the goal).',
      '',
      '| | command | delivery | ratio, command | ratio, delivery | sent |',
      '|---|--:|--:|--:|--:|--:|',
      ...rows,
    ]);
  } finally {
    await link.close();
    await device.remove();
  }
}

/** The same file with its runs changed, spread over it, none of them at the start of a block. */
function changed(bytes: Buffer): Buffer {
  const apart = Math.floor(bytes.length / changedRuns.length);
  for (const [index, runBytes] of changedRuns.entries()) {
    const start = index * apart + 1_000;
    for (let at = start; at < start + runBytes; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  }
  return bytes;
}

/** The file at its final path on the device, put and read behind the device's back. */
function deviceFile({ sshd: { user } }: BenchDevice) {
  const folder = join(user.home, 'delta');
  mkdirSync(folder);
  chownSync(folder, user.uid, user.gid);
  const path = join(folder, 'fw.bin');
  return {
    path,
    put(file: string) {
      copyFileSync(file, path);
      chownSync(path, user.uid, user.gid);
    },
    requireSame(file: string) {
      if (!readFileSync(path).equals(readFileSync(file))) throw new Error(`${path} is not ${file}`);
    },
  };
}
