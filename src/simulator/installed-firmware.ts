import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DeviceFiles } from './device-files.ts';

/** Where a device keeps which version it runs, and a line with the SHA-256 of each file it ever installed. */
export const versionFile = '/var/lib/firmware/version';
export const installsFile = '/var/lib/firmware/installs';

/** What a device runs. It is kept in its files: a device without them is as it came from the factory. */
export interface InstalledFirmware {
  version(): Promise<string>;
  /**
   * Installs whatever lies at a path of the device, unseen.
   * @param version which version that is; when left out, the device goes on to report the one before
   */
  install(path: string, version?: string): Promise<void>;
}

export function createInstalledFirmware(files: DeviceFiles, factoryVersion: string): InstalledFirmware {
  return {
    version: () => readFile(files.locate(versionFile), 'utf8').catch(() => factoryVersion),
    async install(path, version) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(files.locate(path)), hash);
      await mkdir(files.locate(posix.dirname(installsFile)), { recursive: true });
      await appendFile(files.locate(installsFile), `${hash.digest('hex')}\n`);
      if (version !== undefined) await writeFile(files.locate(versionFile), version);
    },
  };
}
