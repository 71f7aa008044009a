import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { SshUser } from './ssh-user.ts';

/** Mounts a file system of `sizeBytes` at `path` that `owner` may write to. Needs root. Returns what unmounts it. */
export function mountTmpfs(path: string, sizeBytes: number, owner: Pick<SshUser, 'uid' | 'gid'>): () => void {
  mkdirSync(path, { recursive: true });
  const options = `size=${sizeBytes},uid=${owner.uid},gid=${owner.gid},mode=0755`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  return () => void execFileSync('umount', ['--lazy', path]);
}
