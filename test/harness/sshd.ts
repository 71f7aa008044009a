import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { endWithChildren } from './process-tree.ts';
import { sshdPath } from './requirements.ts';
import { makeSshKey, type SshKey } from './ssh-keys.ts';
import { makeSshUser, type SshUser } from './ssh-user.ts';
import { waitForPort } from './wait-for-port.ts';

/** A real OpenSSH server on loopback: a device. */
export interface Sshd {
  port: number;
  /** `127.0.0.1:port` or `[::1]:port` */
  address: string;
  user: SshUser;
  key: SshKey;
  encryptedKey: SshKey;
  hostKey: SshKey;
  /** Lets its user in by one more key. */
  authorize(key: SshKey): void;
  log(): string;
  /** As a reboot does: every connection ends, then the server listens again. */
  restart(): Promise<void>;
  /** As after a factory reset: another host key on the same port. */
  restartWithNewHostKey(): Promise<void>;
  /** Ends the server and every connection, at once, as a power cut does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface SshdOptions {
  /** `127.0.0.1` or `::1`. */
  host?: '127.0.0.1' | '::1';
  /** Whether there is an SFTP subsystem. */
  sftp?: boolean;
  /** Options of ssh-keygen(1) for its host key. */
  hostKeyOptions?: string[];
  /** Further lines of sshd_config(5); the first line of a keyword counts. */
  config?: string[];
}

export async function startSshd({
  host = '127.0.0.1',
  sftp = true,
  hostKeyOptions,
  config: extra = [],
}: SshdOptions = {}): Promise<Sshd> {
  const hostPart = host === '::1' ? '[::1]' : host;
  const user = makeSshUser();
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-sshd-'));
  // The user's half of sshd reads the authorized keys.
  chmodSync(dir, 0o755);
  const port = await freePort();
  const key = makeSshKey(dir, 'user');
  const encryptedKey = makeSshKey(dir, 'user-encrypted', 'open sesame');
  const authorized = join(dir, 'authorized_keys');
  const log = join(dir, 'log');
  writeFileSync(authorized, key.publicKey + encryptedKey.publicKey, { mode: 0o644 });
  // sshd keeps its unprivileged half here; a package's service makes it, a bare start does not.
  if (user.password !== undefined) mkdirSync('/run/sshd', { recursive: true });
  let hostKeys = 0;
  let child: ChildProcess | undefined;
  let hostKey = makeSshKey(dir, 'host-0', '', hostKeyOptions);

  const start = async () => {
    const config = join(dir, 'sshd_config');
    writeFileSync(
      config,
      [
        'MaxStartups 200',
        ...extra,
        `ListenAddress ${hostPart}:${port}`,
        `HostKey ${hostKey.file}`,
        `AuthorizedKeysFile ${authorized}`,
        'StrictModes no',
        'UsePAM no',
        'PidFile none',
        ...(sftp ? ['Subsystem sftp internal-sftp'] : []),
        '',
      ].join('\n'),
    );
    child = spawn(sshdPath, ['-D', '-f', config, '-E', log], { stdio: 'ignore' });
    const started = child;
    await waitForPort(port, () => started.exitCode === null, host);
  };
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    endWithChildren(child);
    await ended;
  };
  await start();
  return {
    port,
    address: `${hostPart}:${port}`,
    user,
    key,
    encryptedKey,
    get hostKey() {
      return hostKey;
    },
    authorize: ({ publicKey }) => appendFileSync(authorized, publicKey),
    log: () => readFileSync(log, 'utf8'),
    async restart() {
      await kill();
      await start();
    },
    async restartWithNewHostKey() {
      await kill();
      hostKeys += 1;
      hostKey = makeSshKey(dir, `host-${hostKeys}`, '', hostKeyOptions);
      await start();
    },
    kill,
    async stop() {
      await kill();
      user.remove();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
