import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnCli } from '../test/harness/cli.ts';
import { makeFile } from '../test/harness/files.ts';
import { startBenchDevice } from './bench-device.ts';
import { record } from './results.ts';

const mib = 1024 * 1024;
const rounds = 3;
const readEveryMs = 20;

/** Peak memory of the whole process while it pushes a small and a large file: it must not grow with the file. */
export async function run(): Promise<void> {
  const device = await startBenchDevice();
  try {
    const peaks = new Map<number, number[]>();
    for (const sizeMib of [64, 1024]) {
      const file = join(device.dir, `fw-${sizeMib}.bin`);
      makeFile(file, sizeMib * mib);
      for (let round = 0; round < rounds; round += 1) {
        peaks.set(sizeMib, [...(peaks.get(sizeMib) ?? []), await peakOfPush(device.dataDir, file)]);
      }
    }
    const worst = (sizeMib: number) => Math.max(...(peaks.get(sizeMib) ?? [])) / mib;
    record('memory', [
      `Highest resident set (VmHWM) of \`pushrod push\` with its worker threads, the worst of ${rounds} runs:`,
      '',
      `- 64 MiB file: ${worst(64).toFixed(0)} MiB`,
      `- 1 GiB file: ${worst(1024).toFixed(0)} MiB`,
      `- difference: ${(worst(1024) - worst(64)).toFixed(0)} MiB (to stay within 40 MiB)`,
    ]);
  } finally {
    await device.remove();
  }
}

/** The high-water mark only grows, so the last reading before the end is the peak. */
async function peakOfPush(dataDir: string, file: string): Promise<number> {
  const { child, ended } = spawnCli(dataDir, ['push', '--firmware', file, '--all', '--json']);
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, highWaterBytes(child.pid ?? 0));
  }, readEveryMs);
  const { code, stdout } = await ended;
  clearInterval(timer);
  if (code !== 0) throw new Error(`the push failed: ${stdout}`);
  return peakBytes;
}

/** VmHWM of a process (proc_pid_status(5)); 0 when it has ended. */
function highWaterBytes(pid: number): number {
  try {
    const [, kib = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) * 1024;
  } catch {
    return 0;
  }
}
