import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Confirmation, SshJob } from '../../src/main/delivery/index.ts';
import {
  type Delivered,
  type DeliverHttpOptions,
  type DeliverOptions,
  deliver,
  deliverHttp,
  type Nginx,
  type Sshd,
  sha256OfFile,
} from '../harness/index.ts';
import type { Transport } from './table.ts';

/** A device with the former firmware at the final path. */
export interface Device {
  transport: Transport;
  port: number;
  /** In a directory of its own. */
  finalPath: string;
  /** What the device says it runs: 1.0, until the activate command makes it 2.0. */
  versionFile: string;
  /** Where the activate command notes the SHA-256 of what it activated. Over HTTP nothing does. */
  marker: string;
  owner: { uid: number; gid: number };
  putOldFile(): void;
  push(options?: PushOptions): Promise<Delivered>;
}

/** How a push differs from one in which all is well. */
export interface PushOptions {
  port?: number;
  timeouts?: Partial<SshJob['timeouts']>;
  confirmation?: Confirmation;
  signal?: AbortSignal;
  onStep?: DeliverOptions['onStep'];
  onProgress?: DeliverOptions['onProgress'];
  ssh?: Pick<DeliverOptions, 'commands' | 'logins' | 'decideHostKey'>;
  http?: Pick<DeliverHttpOptions, 'http' | 'login'>;
}

const oldFirmware = 'the former firmware';

/** More than anything takes here that is not silent, also on a busy machine. */
const timeouts = { connectMs: 20_000, commandMs: 20_000, transferMs: 20_000 };

const pattern = 'version=(\\S+)';

/** @param name of the device's own directory */
export function sshDevice(
  sshd: Pick<Sshd, 'port' | 'user' | 'key'>,
  method: 'sftp' | 'exec',
  name: string,
  firmware: string,
): Device {
  const device = layOut(method, sshd.port, join(sshd.user.home, name), sshd.user);
  const { finalPath, versionFile, marker } = device;
  return {
    ...device,
    push({ port = sshd.port, ssh, http: _, ...given } = {}) {
      const commands = {
        version: { command: `cat ${versionFile}`, pattern },
        activate: `sha256sum < ${finalPath} > ${marker}; echo version=2.0 > ${versionFile}`,
        ...ssh?.commands,
      };
      const options = { method, ...ssh, ...given, commands, timeouts: { ...timeouts, ...given.timeouts } };
      return deliver({ ...sshd, port }, firmware, finalPath, options);
    },
  };
}

/** Over HTTP it is the device that activates; this one is nginx, which stores files and no more. */
export function httpDevice(nginx: Nginx, name: string, firmware: string): Device {
  const device = layOut('http', nginx.port, join(nginx.root, name), { uid: 0, gid: 0 });
  const { finalPath, versionFile } = device;
  return {
    ...device,
    push({ port = nginx.port, http: given, ssh: _, ...rest } = {}) {
      const http = {
        method: 'PUT',
        path: `/${name}/${basename(finalPath)}`,
        verify: 'readBack',
        ...given?.http,
      } as const;
      const version = { path: `/${basename(versionFile)}`, pattern };
      const options = { healthPath: '/health', version, ...given, ...rest, http };
      return deliverHttp({ port }, firmware, { ...options, timeouts: { ...timeouts, ...rest.timeouts } });
    },
  };
}

function layOut(transport: Transport, port: number, dir: string, owner: Device['owner']): Omit<Device, 'push'> {
  const [finalPath, versionFile, marker] = [join(dir, 'fw.bin'), `${dir}-version`, `${dir}-activated`];
  const own = (path: string) => chownSync(path, owner.uid, owner.gid);
  const put = (path: string, text: string) => {
    writeFileSync(path, text);
    own(path);
  };
  const putOldFile = () => put(finalPath, oldFirmware);
  mkdirSync(dir);
  own(dir);
  putOldFile();
  put(versionFile, 'version=1.0\n');
  return { transport, port, finalPath, versionFile, marker, owner, putOldFile };
}

/** What can be seen of a device from outside. */
export interface Seen {
  /** At the final path. */
  file: 'nothing' | 'a directory' | 'the old file' | 'the new file' | 'something else';
  activated: 'nothing' | 'the new file' | 'something else';
  /** What lies in the directory of the final path as well. */
  beside: string[];
}

export async function look({ finalPath, marker }: Device, firmware: string): Promise<Seen> {
  const sha256 = await sha256OfFile(firmware);
  return {
    file: await nameFile(finalPath, sha256),
    activated: nameMarker(marker, sha256),
    beside: readdirSync(dirname(finalPath)).filter((name) => name !== basename(finalPath)),
  };
}

async function nameFile(path: string, sha256: string): Promise<Seen['file']> {
  if (!existsSync(path)) return 'nothing';
  if (statSync(path).isDirectory()) return 'a directory';
  if ((await sha256OfFile(path)) === sha256) return 'the new file';
  return readFileSync(path, 'utf8') === oldFirmware ? 'the old file' : 'something else';
}

function nameMarker(marker: string, sha256: string): Seen['activated'] {
  if (!existsSync(marker)) return 'nothing';
  return readFileSync(marker, 'utf8').startsWith(sha256) ? 'the new file' : 'something else';
}
