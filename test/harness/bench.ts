import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliJson, runCli } from './cli.ts';
import type { Sshd } from './sshd.ts';

/** A device of the bench. */
type Target = Pick<Sshd, 'address' | 'user' | 'key'>;

/** How one device's part of a push ended, as `push --json` says it. */
export interface DeviceSummary {
  deviceId: string;
  state: string;
  errorCode: string | null;
  message: string | null;
  hint: string | null;
  attempts: number;
  bytesSent: number;
  bytesTotal: number;
  method: string | null;
  resumedFrom: number;
  durationMs: number | null;
}

export interface PushSummary {
  type: 'summary';
  updateId: string;
  state: string;
  total: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  durationMs: number;
  devices: DeviceSummary[];
}

/** Tells the data folder how to log in to a server, and registers devices that all are that server. */
export async function registerBench(dataDir: string, sshd: Target, ids: string[]): Promise<void> {
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', sshd.user.name, '--key', sshd.key.file]);
  await setProfile(dataDir, 'bench', { credential: 'bench', remotePath: remotePathOf(sshd) });
  await cliJson(dataDir, ['profiles', 'default', 'bench']);
  for (const id of ids) await cliJson(dataDir, ['devices', 'add', '--id', id, '--name', id, '--address', sshd.address]);
}

/** Each "device" has a directory of its own on the one sshd. */
export function remotePathOf(sshd: Pick<Target, 'user'>): string {
  return `${sshd.user.home}/{device.id}/{firmware.fileName}`;
}

export async function setProfile(dataDir: string, name: string, profile: object): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'profile.json');
  writeFileSync(file, JSON.stringify(profile));
  await cliJson(dataDir, ['profiles', 'set', name, file]);
}

/** Runs `push --json` to its end. */
export async function push(dataDir: string, args: string[]): Promise<{ code: number | null; summary: PushSummary }> {
  const { code, stdout, stderr } = await runCli(dataDir, ['push', ...args, '--json']);
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{"type":"summary"')) throw new Error(`no summary, exit code ${code}: ${stdout}${stderr}`);
  return { code, summary: JSON.parse(last) as PushSummary };
}
