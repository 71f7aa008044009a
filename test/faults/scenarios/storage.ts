import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  rmSync,
  statfsSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { mountTmpfs, sha256OfFile } from '../../harness/index.ts';
import type { Device } from '../devices.ts';
import { at, type Bench, type Scenario, sshdInstead } from './scenario.ts';
import { makeSftpServer } from './sftp-server.ts';

const kib = 1024;

/** The directory of the final path becomes a file system of its own; the old file is there again. */
function mountOver(device: Device, sizeBytes: number): string {
  const dir = dirname(device.finalPath);
  onTestFinished(mountTmpfs(dir, sizeBytes, device.owner));
  device.putOldFile();
  return dir;
}

function leaveFree(dir: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(dir);
  writeFileSync(join(dir, 'filler.part'), Buffer.alloc(bavail * bsize - bytes));
}

/** Root's, so that nobody else may do what its mode does not say. */
function takeFromUser(path: string, mode: number): void {
  chownSync(path, 0, 0);
  chmodSync(path, mode);
}

export const storage = {
  'a disk that is full': (device, { sizeBytes }) => {
    mountOver(device, sizeBytes / 2);
    return {};
  },
  'a disk that fills up during the transfer': (device, { sizeBytes }) => {
    const dir = mountOver(device, sizeBytes * 2);
    return at('transferring', () => leaveFree(dir, sizeBytes / 2));
  },
  'a directory that may not be written to': (device) => {
    const dir = dirname(device.finalPath);
    takeFromUser(dir, 0o755);
    if (device.transport === 'http') {
      mountOver(device, 64 * kib);
      execFileSync('mount', ['-o', 'remount,ro', dir]);
    }
    return {};
  },
  'a directory at the final path': ({ finalPath, owner }) => {
    rmSync(finalPath);
    mkdirSync(finalPath);
    chownSync(finalPath, owner.uid, owner.gid);
    return {};
  },
  // In a sticky directory everyone may make files, and nobody may replace those of others (unlink(2)).
  'permission that is lacking at the rename': ({ finalPath }) => {
    takeFromUser(dirname(finalPath), 0o1777);
    takeFromUser(finalPath, 0o644);
    return {};
  },
  'a byte flipped before it is stored': async (device, bench) => ({
    instead: await sshdInstead(device, bench, {
      sftp: false,
      config: [`Subsystem sftp ${flippingSftpServer(bench)}`, `SetEnv PATH=${flippingTools(bench)}:/usr/bin:/bin`],
    }),
  }),
  // A clock shows in the times of files only; what is left of an earlier transfer counts by what it holds.
  'a clock that is wrong: files of 1970 and 2099': async ({ transport, finalPath, owner }, { firmware, sizeBytes }) => {
    utimesSync(finalPath, new Date('2099-01-01'), new Date('2099-01-01'));
    if (transport === 'http') return {};
    const part = `${finalPath}.${(await sha256OfFile(firmware)).slice(0, 12)}.part`;
    copyFileSync(firmware, part);
    truncateSync(part, sizeBytes / 2);
    chownSync(part, owner.uid, owner.gid);
    utimesSync(part, new Date(0), new Date(0));
    return {};
  },
} satisfies Record<string, Scenario>;

/** An sftp-server that gets one byte of the first WRITE wrong. */
const flippingSftpServer = (bench: Bench) =>
  makeSftpServer(bench, 'flipping-sftp-server', 'substr($packet, -1) ^= "\\x01" if ord($packet) == 6 && !$flipped++;');

/** A folder with a cat(1) that gets the last byte of its standard input wrong. */
function flippingTools({ dir }: Bench): string {
  const tools = join(dir, 'flipping-tools');
  mkdirSync(tools, { recursive: true });
  const script = `#!/usr/bin/perl
exec '/bin/cat', @ARGV if @ARGV;
local $/;
my $all = <STDIN>;
substr($all, -1) ^= "\\x01";
print $all;
`;
  writeFileSync(join(tools, 'cat'), script, { mode: 0o755 });
  return tools;
}
