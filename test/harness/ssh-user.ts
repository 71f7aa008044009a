import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** A user of this machine that devices let in. */
export interface SshUser {
  name: string;
  uid: number;
  gid: number;
  home: string;
  /** Only root can give a new user one. */
  password: string | undefined;
  remove(): void;
}

/** As root a new user, so that passwords and permissions are real; else the one who runs the tests. */
export function makeSshUser(): SshUser {
  const home = mkdtempSync(join(tmpdir(), 'pushrod-home-'));
  const removeHome = () => rmSync(home, { recursive: true, force: true });
  const { username, uid, gid } = userInfo();
  if (uid !== 0) return { name: username, uid, gid, home, password: undefined, remove: removeHome };
  const name = `pushrod-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  execFileSync('useradd', ['--no-create-home', '--home-dir', home, '--shell', '/bin/sh', name]);
  execFileSync('chpasswd', { input: `${name}:${password}\n` });
  const idOf = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  const ids = { uid: idOf('-u'), gid: idOf('-g') };
  chownSync(home, ids.uid, ids.gid);
  chmodSync(home, 0o755);
  const remove = () => {
    execFileSync('userdel', ['--force', name], { stdio: 'ignore' });
    removeHome();
  };
  return { name, ...ids, home, password, remove };
}
