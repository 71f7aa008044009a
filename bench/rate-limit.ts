import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { push, registerBench, setProfile } from '../test/harness/bench.ts';
import { cliJson } from '../test/harness/cli.ts';
import { makeFile } from '../test/harness/files.ts';
import { startNginx } from '../test/harness/nginx.ts';
import { startSshd } from '../test/harness/sshd.ts';
import { record } from './results.ts';
import { type ShapedLink, startShapedLink } from './shaped-link.ts';

const limitBytesPerSecond = 5_000_000;
const windowMs = 10_000;
/** Longer than the window, so that it lies well within the transfer. */
const transferSeconds = 14;
const fleets = [1, 20];

/** A server that is all the devices, behind a link that counts, and the profile they are pushed to with. */
interface Devices {
  link: ShapedLink;
  /** Makes a data folder with so many of them. */
  register(dataDir: string, ids: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** How exact `--rate-limit` is over ten seconds, on the wire, for one device and for many together. */
export async function run(): Promise<void> {
  const rows: string[] = [];
  for (const transport of ['sftp', 'exec', 'http'] as const) {
    const cells: string[] = [];
    for (const count of fleets) {
      const devices = await (transport === 'http' ? httpDevices() : sshDevices(transport));
      try {
        const rate = await measure(devices, count);
        cells.push(`${(rate / 1e6).toFixed(3)} MB/s (${signed((rate / limitBytesPerSecond - 1) * 100)} %)`);
      } finally {
        await devices.link.close();
        await devices.stop();
      }
    }
    rows.push(`| ${transport} | ${cells.join(' | ')} |`);
  }
  record('rate-limit', [
    `\`push --rate-limit ${limitBytesPerSecond}\`: bytes that pass towards the devices within ${windowMs / 1_000} s of the transfer, with all that`,
    'SSH and HTTP add to the file (the goal is within 5 %).',
    '',
    `| | ${fleets.map((count) => (count === 1 ? 'one device' : `${count} devices together`)).join(' | ')} |`,
    `|---|${'--:|'.repeat(fleets.length)}`,
    ...rows,
  ]);
}

const signed = (percent: number) => `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(2)}`;

/** @returns bytes a second */
async function measure({ link, register }: Devices, count: number): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-bench-'));
  try {
    const dataDir = join(dir, 'data');
    const file = join(dir, 'fw-1.0.bin');
    makeFile(file, Math.round((limitBytesPerSecond * transferSeconds) / count));
    await register(
      dataDir,
      Array.from({ length: count }, (_, index) => `device-${index}`),
    );
    const pushed = push(dataDir, ['--firmware', file, '--all', '--rate-limit', String(limitBytesPerSecond)]);
    const measured = rateWithin(link);
    const [{ summary }, rate] = await Promise.all([pushed, measured]);
    if (summary.succeeded !== count) throw new Error(`the push failed: ${JSON.stringify(summary)}`);
    return rate;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Waits until the transfers run, then counts. */
async function rateWithin(link: ShapedLink): Promise<number> {
  while (link.sentBytes() < limitBytesPerSecond) await pause(10);
  const [startMs, startBytes] = [performance.now(), link.sentBytes()];
  await pause(windowMs);
  return ((link.sentBytes() - startBytes) / (performance.now() - startMs)) * 1_000;
}

async function sshDevices(method: 'sftp' | 'exec'): Promise<Devices> {
  const sshd = await startSshd();
  const link = await startShapedLink(sshd.port);
  const device = { ...sshd, address: `127.0.0.1:${link.port}` };
  return {
    link,
    async register(dataDir, ids) {
      await registerBench(dataDir, device, []);
      const remotePath = `${sshd.user.home}/{device.id}/fw`;
      await setProfile(dataDir, 'bench', { credential: 'bench', method, remotePath });
      await importDevices(dataDir, device.address, ids);
    },
    stop: () => sshd.stop(),
  };
}

async function httpDevices(): Promise<Devices> {
  const nginx = await startNginx();
  const link = await startShapedLink(nginx.port);
  return {
    link,
    async register(dataDir, ids) {
      await setProfile(dataDir, 'bench', { transport: 'http', http: { method: 'PUT', path: '/{device.id}/fw.bin' } });
      await cliJson(dataDir, ['profiles', 'default', 'bench']);
      await importDevices(dataDir, `127.0.0.1:${link.port}`, ids);
    },
    stop: () => nginx.stop(),
  };
}

async function importDevices(dataDir: string, address: string, ids: string[]): Promise<void> {
  const rows = ids.map((id) => `${id},${id},${address}`);
  await cliJson(dataDir, ['devices', 'import', '-'], ['id,name,address', ...rows, ''].join('\n'));
}
