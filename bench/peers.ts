import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchDevice } from './bench-device.ts';

/** What a technician would use instead: each puts one file, and takes whatever port the device is reached at. */

export const has = (program: string) => existsSync(join('/usr/bin', program));

/** Runs a program to its end. Throws when it fails. */
export async function run(program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

/** Options of ssh(1) and sftp(1) for the device, without a file of this laptop's user. */
export function sshOptions({ sshd, dir }: BenchDevice): string[] {
  const options = ['StrictHostKeyChecking=no', `UserKnownHostsFile=${join(dir, 'known_hosts')}`, 'LogLevel=ERROR'];
  return ['-q', '-F', 'none', '-i', sshd.key.file, ...options.flatMap((option) => ['-o', option])];
}

export const userAt = ({ sshd }: BenchDevice) => `${sshd.user.name}@127.0.0.1`;

export function sftpPut(device: BenchDevice, file: string, port = device.sshd.port): Promise<void> {
  const batch = join(device.dir, 'batch');
  writeFileSync(batch, `put ${file} ${device.sshd.user.home}/by-sftp\n`);
  return run('sftp', [...sshOptions(device), '-P', String(port), '-b', batch, userAt(device)]);
}

export function sshCat(device: BenchDevice, file: string): Promise<void> {
  const ssh = ['ssh', ...sshOptions(device), '-p', String(device.sshd.port), userAt(device)].join(' ');
  return run('sh', ['-c', `${ssh} "cat > ${device.sshd.user.home}/by-cat" < ${file}`]);
}

export function rclonePut({ sshd }: BenchDevice, file: string, port: number): Promise<void> {
  const remote = `:sftp,host=127.0.0.1,port=${port},user=${sshd.user.name},key_file=${sshd.key.file}`;
  return run('rclone', ['copyto', '--config', '/dev/null', '-q', '-I', file, `${remote}:${sshd.user.home}/by-rclone`]);
}

export function lftpPut(device: BenchDevice, file: string, port: number): Promise<void> {
  const { name, home } = device.sshd.user;
  const connect = `set sftp:connect-program 'ssh -a -x ${sshOptions(device).join(' ')}'`;
  const put = `put ${file} -o ${home}/by-lftp`;
  return run('lftp', ['-e', `${connect}; ${put}; bye`, '-u', `${name},`, `sftp://127.0.0.1:${port}`]);
}

/** Sends what differs from the file at `path`. */
export function rsyncPut(device: BenchDevice, file: string, path: string, port: number): Promise<void> {
  const ssh = ['ssh', ...sshOptions(device), '-p', String(port)].join(' ');
  return run('rsync', ['--ignore-times', '-e', ssh, file, `${userAt(device)}:${path}`]);
}
