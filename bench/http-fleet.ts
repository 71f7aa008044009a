import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { push, setProfile } from '../test/harness/bench.ts';
import { cliJson } from '../test/harness/cli.ts';
import { makeFile } from '../test/harness/files.ts';
import { type Nginx, startNginx } from '../test/harness/nginx.ts';
import { inTurn, median, timed } from './measure.ts';
import { record } from './results.ts';

const mib = 1024 * 1024;
const concurrency = 32;

interface Fleet {
  devices: number;
  sizeBytes: number;
  rounds: number;
}

const large: Fleet = { devices: 100, sizeBytes: 8 * mib, rounds: 3 };
/** As the benchmark of the program that Pushrod takes the place of: ten thousand pushes of next to nothing. */
const small: Fleet = { devices: 10_000, sizeBytes: 1024, rounds: 1 };

/** Many devices, all of them one nginx, by `pushrod push` and by `curl --parallel`. */
export async function run(): Promise<void> {
  const rows: string[] = [];
  for (const fleet of [large, small]) {
    const { oursMs, pushMs, peerMs } = await measure(fleet);
    const perSecond = (ms: number) => Math.round((fleet.devices / ms) * 1_000).toLocaleString('en');
    const size = fleet.sizeBytes >= mib ? `${fleet.sizeBytes / mib} MiB` : `${fleet.sizeBytes} B`;
    const cells = [oursMs, pushMs, peerMs].map((ms) => `${Math.round(ms)} ms (${perSecond(ms)}/s)`);
    const ratio = `${(peerMs / oursMs).toFixed(2)} / ${(peerMs / pushMs).toFixed(2)}`;
    rows.push(`| ${fleet.devices.toLocaleString('en')} × ${size} | ${cells.join(' | ')} | ${ratio} |`);
  }
  record('http-fleet', [
    `PUT to one nginx on loopback, ${concurrency} at a time, medians of the wall-clock time (and devices a second). The push is`,
    'without the start of the program and the copy into the library; it journals each step of each device.',
    '',
    '| devices | `pushrod push` | of which the push | `curl --parallel` | curl / pushrod, curl / push |',
    '|---|---|---|---|---|',
    ...rows,
  ]);
}

async function measure({ devices, sizeBytes, rounds }: Fleet) {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-bench-'));
  const nginx = await startNginx();
  try {
    const dataDir = join(dir, 'data');
    const file = join(dir, 'fw-1.0.bin');
    makeFile(file, sizeBytes);
    await register(dataDir, nginx, devices);
    const pushedMs: number[] = [];
    const ours = () =>
      timed(async () => {
        const args = ['--firmware', file, '--all', '--concurrency', String(concurrency)];
        const { summary } = await push(dataDir, args);
        if (summary.succeeded !== devices)
          throw new Error(`the push failed: ${JSON.stringify(summary).slice(0, 2_000)}`);
        pushedMs.push(summary.durationMs);
      });
    const config = join(dir, 'curl');
    const uploads = Array.from({ length: devices }, (_, index) => [
      `upload-file = "${file}"`,
      `url = "http://${nginx.address}/curl-${index}/fw.bin"`,
      'output = "/dev/null"',
    ]);
    writeFileSync(config, uploads.flat().join('\n'));
    const peer = () => timed(() => curl(config));
    const times = await inTurn(rounds, { ours, peer });
    return { oursMs: median(times.ours), pushMs: median(pushedMs.slice(1)), peerMs: median(times.peer) };
  } finally {
    await nginx.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function register(dataDir: string, { address }: Nginx, devices: number): Promise<void> {
  await setProfile(dataDir, 'web', { transport: 'http', http: { method: 'PUT', path: '/{device.id}/fw.bin' } });
  await cliJson(dataDir, ['profiles', 'default', 'web']);
  const rows = Array.from({ length: devices }, (_, index) => `web-${index},web-${index},${address}`);
  await cliJson(dataDir, ['devices', 'import', '-'], ['id,name,address', ...rows, ''].join('\n'));
}

async function curl(config: string): Promise<void> {
  const args = ['--parallel', '--parallel-max', String(concurrency), '--silent', '--fail', '--config', config];
  const [code] = await once(spawn('curl', args, { stdio: 'ignore' }), 'exit');
  if (code !== 0) throw new Error(`curl ended with ${code}`);
}
