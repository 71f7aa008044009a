import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerBench } from '../test/harness/bench.ts';
import { type Sshd, startSshd } from '../test/harness/sshd.ts';

/** A real sshd, registered as the one device of a data folder. */
export interface BenchDevice {
  sshd: Sshd;
  /** For files of the benchmark. */
  dir: string;
  dataDir: string;
  remove(): Promise<void>;
}

export async function startBenchDevice(): Promise<BenchDevice> {
  const sshd = await startSshd();
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-bench-'));
  const dataDir = join(dir, 'data');
  await registerBench(dataDir, sshd, ['device']);
  return {
    sshd,
    dir,
    dataDir,
    async remove() {
      await sshd.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
