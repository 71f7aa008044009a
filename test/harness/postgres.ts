import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { postgresPath } from './requirements.ts';
import { makeSshUser } from './ssh-user.ts';

/** A real PostgreSQL on loopback, of no other's concern: its own folder, port and passwords. */
export interface Postgres {
  port: number;
  /** Makes an empty database, owned by a role that is no superuser. Returns its URL, which holds the role's password. */
  createDatabase(): Promise<string>;
  /** Runs SQL as the superuser, in the database of a URL that `createDatabase` gave. */
  runAsSuperuser(url: string, sql: string): Promise<void>;
  log(): string;
  /** Ends the server and every connection, at once, as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; kills it first if it still runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const bench = 'bench';

/** Runs `work` with a server that is gone afterwards, whatever happens. */
export async function withPostgres<T>(work: (postgres: Postgres) => Promise<T>): Promise<T> {
  const postgres = await startPostgres();
  try {
    return await work(postgres);
  } finally {
    await postgres.stop();
  }
}

export async function startPostgres(): Promise<Postgres> {
  // PostgreSQL refuses to run as root.
  const user = makeSshUser();
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-postgres-'));
  const data = join(dir, 'data');
  const log = join(dir, 'log');
  const port = await freePort();
  const password = randomBytes(12).toString('base64url');
  const superuserPassword = randomBytes(12).toString('base64url');
  const run = { uid: user.uid, gid: user.gid, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
  let child: ChildProcess | undefined;
  let databases = 0;

  const superuser = async (database: string, ...statements: string[]) => {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password: superuserPassword, database });
    client.on('error', () => undefined);
    try {
      await client.connect();
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const start = async () => {
    const output = openSync(log, 'a');
    child = spawn(postgresPath, ['-D', data], { ...run, cwd: dir, stdio: ['ignore', output, output] });
    closeSync(output);
    const started = child;
    for (;;) {
      try {
        return await superuser('postgres');
      } catch (thrown) {
        if (started.exitCode !== null)
          throw new Error(`PostgreSQL ended: ${readFileSync(log, 'utf8')}`, { cause: thrown });
        await pause(20);
      }
    }
  };
  // Also when a test ends this process without stopping it.
  const killAtExit = () => child?.kill('SIGQUIT');
  process.once('exit', killAtExit);
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // "Immediate shutdown": its processes end without a checkpoint, and the next start recovers.
    child.kill('SIGQUIT');
    await ended;
  };
  const stop = async () => {
    await kill();
    process.off('exit', killAtExit);
    user.remove();
    rmSync(dir, { recursive: true, force: true });
  };

  try {
    chownSync(dir, user.uid, user.gid);
    initialise(data, superuserPassword, run);
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: dir,
      // What is committed outlives the server, but need not outlive the machine.
      fsync: 'off',
      full_page_writes: 'off',
      log_min_messages: 'warning',
    };
    writeFileSync(
      join(data, 'postgresql.auto.conf'),
      Object.entries(settings)
        .map(([name, value]) => `${name} = '${value}'\n`)
        .join(''),
    );
    await start();
    await superuser('postgres', `CREATE ROLE ${bench} LOGIN PASSWORD '${password}'`);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    port,
    async createDatabase() {
      databases += 1;
      const name = `registry_${databases}`;
      await superuser('postgres', `CREATE DATABASE ${name} OWNER ${bench}`);
      return `postgres://${bench}:${password}@127.0.0.1:${port}/${name}`;
    },
    runAsSuperuser: (url, sql) => superuser(new URL(url).pathname.slice(1), sql),
    log: () => readFileSync(log, 'utf8'),
    kill,
    async restart() {
      await kill();
      await start();
    },
    stop,
  };
}

/** Makes the data folder; every connection needs a password (SCRAM). */
function initialise(data: string, superuserPassword: string, run: { uid: number; gid: number }): void {
  const passwordFile = join(dirname(data), 'superuser-password');
  writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
  chownSync(passwordFile, run.uid, run.gid);
  mkdirSync(data, { mode: 0o700 });
  chownSync(data, run.uid, run.gid);
  const how = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--username=postgres', '--no-sync'];
  const what = ['--encoding=UTF8', '--locale=C.UTF-8', `--pgdata=${data}`];
  execFileSync(join(dirname(postgresPath), 'initdb'), [...how, ...what], { ...run, cwd: dirname(data), stdio: 'pipe' });
}
