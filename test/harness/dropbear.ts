import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { endWithChildren } from './process-tree.ts';
import { busyboxPath, dropbearPath } from './requirements.ts';
import { makeSshKey, type SshKey } from './ssh-keys.ts';
import { makeSshUser, type SshUser } from './ssh-user.ts';
import { waitForPort } from './wait-for-port.ts';

/** A real dropbear on loopback whose sessions have BusyBox and nothing else: a small device. Needs root. */
export interface Dropbear {
  port: number;
  address: string;
  user: SshUser;
  key: SshKey;
  stop(): Promise<void>;
}

interface DropbearOptions {
  /** The only commands of BusyBox there are; all of them when left out. */
  applets?: string[];
  /** Whether there is an SFTP server for it to start: OpenSSH's. */
  sftp?: boolean;
}

export async function startDropbear({ applets, sftp = false }: DropbearOptions = {}): Promise<Dropbear> {
  const user = makeSshUser();
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-dropbear-'));
  chmodSync(dir, 0o755);
  const port = await freePort();
  const key = makeSshKey(dir, 'user');
  const hostKey = join(dir, 'host');
  execFileSync('dropbearkey', ['-t', 'ed25519', '-f', hostKey], { stdio: 'ignore' });
  // dropbear knows no other place for the keys of a user, and wants it kept to the user.
  const authorized = join(user.home, '.ssh');
  mkdirSync(authorized, { mode: 0o700 });
  writeFileSync(join(authorized, 'authorized_keys'), key.publicKey, { mode: 0o600 });
  for (const path of [authorized, join(authorized, 'authorized_keys')]) chownSync(path, user.uid, user.gid);

  const tools = join(dir, 'bin');
  mkdirSync(tools);
  const all = execFileSync(busyboxPath, ['--list'], { encoding: 'utf8' }).split('\n').filter(Boolean);
  for (const applet of applets ?? [...all, 'busybox']) symlinkSync(busyboxPath, join(tools, applet));
  // dropbear says yes to the SFTP subsystem and starts a program for it, which small devices do not have.
  const session = join(dir, 'session');
  writeFileSync(
    session,
    [
      `#!${busyboxPath} sh`,
      `case "$SSH_ORIGINAL_COMMAND" in *sftp-server) ${sftp ? 'exec /usr/lib/openssh/sftp-server' : 'exit 127'} ;; esac`,
      `PATH=${tools} exec ${busyboxPath} sh -c "$SSH_ORIGINAL_COMMAND"`,
      '',
    ].join('\n'),
    { mode: 0o755 },
  );
  const args = ['-F', '-E', '-m', '-r', hostKey, '-p', `127.0.0.1:${port}`, '-P', join(dir, 'pid'), '-c', session];
  const child = spawn(dropbearPath, args, { stdio: 'ignore' });
  await waitForPort(port, () => child.exitCode === null);
  return {
    port,
    address: `127.0.0.1:${port}`,
    user,
    key,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        endWithChildren(child);
        await ended;
      }
      user.remove();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
