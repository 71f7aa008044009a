import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliJson } from '../harness/cli.ts';
import { makeFile, sha256OfFile } from '../harness/files.ts';
import { type CrashBench, firmwareFile, firmwareVersion } from './crash-bench.ts';

const sizeBytes = 96 * 1024 + 7;

/** A data folder that knows the devices and the firmware; each run begins with a copy. */
export interface Prepared {
  sha256: string;
  /** The path of a new copy. */
  copy(): string;
  remove(): void;
}

export async function prepare(bench: CrashBench): Promise<Prepared> {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-crash-'));
  const dataDir = join(dir, 'data');
  const firmware = join(dir, firmwareFile);
  makeFile(firmware, sizeBytes);
  await bench.register(dataDir);
  await cliJson(dataDir, ['firmware', 'add', firmware, '--version', firmwareVersion]);
  return {
    sha256: await sha256OfFile(firmware),
    copy() {
      const copied = join(dir, 'run');
      rmSync(copied, { recursive: true, force: true });
      cpSync(dataDir, copied, { recursive: true });
      return copied;
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
