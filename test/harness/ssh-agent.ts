import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshKey } from './ssh-keys.ts';

/** A real ssh-agent(1). */
export interface SshAgent {
  /** For `SSH_AUTH_SOCK`. */
  socket: string;
  /** A key without a passphrase. */
  add(key: SshKey): void;
  stop(): Promise<void>;
}

export async function startSshAgent(): Promise<SshAgent> {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-agent-'));
  const socket = join(dir, 'agent');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  // It says where it listens once it does.
  await once(child.stdout, 'data');
  return {
    socket,
    add: ({ file }) =>
      void execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' }),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
