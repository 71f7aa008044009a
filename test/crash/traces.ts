import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CrashDevice, firmwareFile, firmwareVersion } from './crash-bench.ts';

/** What a push left on a device. */
export interface Traces {
  /** The file at the final path. */
  file: 'absent' | 'whole' | 'broken';
  /** What else lies beside it. */
  leftovers: string[];
  /** SHA-256 of each file that was installed, in order. */
  installs: string[];
  /** It reports the version that was pushed. */
  isNew: boolean;
}

export function tracesOn({ firmwareDir, installsFile, versionFile }: CrashDevice, sha256: string): Traces {
  const names = existsSync(firmwareDir) ? readdirSync(firmwareDir) : [];
  // What follows the last line break is being written.
  const installs = existsSync(installsFile) ? readFileSync(installsFile, 'utf8').split('\n').slice(0, -1) : [];
  const found = names.includes(firmwareFile) ? sha256Of(join(firmwareDir, firmwareFile)) : undefined;
  return {
    file: found === undefined ? 'absent' : found === sha256 ? 'whole' : 'broken',
    leftovers: names.filter((name) => name !== firmwareFile),
    // sha256sum(1) adds the file's name.
    installs: installs.map((line) => line.slice(0, 64)),
    isNew: existsSync(versionFile) && readFileSync(versionFile, 'utf8') === firmwareVersion,
  };
}

const sha256Of = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
