import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Debian keeps each major version of PostgreSQL in a folder of its own. */
const postgresVersions = '/usr/lib/postgresql';
const newestPostgres = existsSync(postgresVersions)
  ? Math.max(...readdirSync(postgresVersions).map(Number).filter(Number.isInteger))
  : 15;

const programs = {
  sshd: { path: '/usr/sbin/sshd', install: 'apt-get install openssh-server' },
  dropbear: { path: '/usr/sbin/dropbear', install: 'apt-get install dropbear-bin' },
  busybox: { path: '/usr/bin/busybox', install: 'apt-get install busybox' },
  nginx: { path: '/usr/sbin/nginx', install: 'apt-get install nginx-light' },
  postgres: {
    path: join(postgresVersions, String(newestPostgres), 'bin/postgres'),
    install: 'apt-get install postgresql',
  },
  minisign: { path: '/usr/bin/minisign', install: 'apt-get install minisign' },
  chromium: { path: '/usr/bin/chromium', install: 'apt-get install chromium' },
} as const;

export type Program = keyof typeof programs;

/**
 * Whether a test can run here. A developer's machine without a program skips its tests with a line that says what to
 * install; CI never skips.
 */
export function has(...needed: Program[]): boolean {
  const missing = needed.filter((program) => !existsSync(programs[program].path));
  if (missing.length === 0) return true;
  const line = missing.map((program) => `${program} is missing: ${programs[program].install}`).join('; ');
  if (process.env.CI) throw new Error(line);
  console.warn(`skipped: ${line}`);
  return false;
}

/** Whether the tests may make users and mounts. CI runs as root. */
export function isRoot(): boolean {
  if (process.getuid?.() === 0) return true;
  if (process.env.CI) throw new Error('CI runs the tests as root, so that they can make users and mounts.');
  console.warn('skipped: run as root for the tests that make users and mounts');
  return false;
}

export const chromiumPath = programs.chromium.path;
export const sshdPath = programs.sshd.path;
export const dropbearPath = programs.dropbear.path;
export const busyboxPath = programs.busybox.path;
export const minisignPath = programs.minisign.path;
export const nginxPath = programs.nginx.path;
export const postgresPath = programs.postgres.path;
