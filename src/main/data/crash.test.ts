import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryDir } from '../../../test/harness/index.ts';
import { backUp } from './backup.ts';
import { things } from './crash-samples.ts';
import { fillWith, registryMigrations, wordsOf } from './data-samples.ts';
import { openDatabase } from './database.ts';
import { layoutOf } from './layout.ts';
import { restore } from './restore.ts';

const root = temporaryDir();
const program = join(import.meta.dirname, 'crash-program.ts');
const moments = 50;

/** Started ahead, so that its start is not waited for. */
const startProgram = () => spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
let next = startProgram();
afterAll(() => next.kill());

/** Runs the program, and kills it so many milliseconds after it began. @returns how long it ran, and if it was killed */
async function run(args: string[], killAfterMs?: number): Promise<{ ms: number; killed: boolean }> {
  const child = next;
  next = startProgram();
  const closed = once(child, 'close');
  child.stdin.end(`${args.join(' ')}\n`);
  await once(child.stdout, 'data');
  const begunAtMs = performance.now();
  if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  child.stdout.resume();
  const [code, signal] = await closed;
  if (killAfterMs === undefined) expect(code).toBe(0);
  return { ms: performance.now() - begunAtMs, killed: signal === 'SIGKILL' };
}

/** Random moments of a run that takes so long, one in each of as many equal parts. */
function momentsOf(runMs: number): number[] {
  return Array.from({ length: moments }, (_, index) => ((index + Math.random()) / moments) * runMs);
}

describe('a migration that is killed', () => {
  const dir = join(root, 'migration');
  const file = join(dir, 'things.db');
  const backupDir = join(dir, 'backups');
  const rows = 20_000;

  /** A database of the first schema. */
  function begin(): void {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    cpSync(join(root, 'sample.db'), file);
  }
  function makeSample(): void {
    const sample = openDatabase({ file: join(root, 'sample.db'), migrations: things.slice(0, 1), backupDir });
    const insert = sample.prepare('INSERT INTO things (name) VALUES (?)');
    sample.transaction(() => {
      for (let index = 0; index < rows; index++) insert.run(`a thing with the number ${index}`);
    })();
    sample.close();
  }
  /** The schema of a database, of which every page and row is checked. */
  function schemaOf(path: string): number {
    const database = new Sqlite(path);
    try {
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      const schema = database.pragma('user_version', { simple: true }) as number;
      const done = schema === 1 ? '0' : 'sum(size = length(name))';
      const counted = database.prepare(`SELECT count(*) AS things, ${done} AS done FROM things`).get();
      const columns = database.pragma('table_info(things)') as unknown[];
      expect({ ...(counted as object), columns: columns.length }).toEqual(
        schema === 1 ? { things: rows, done: 0, columns: 2 } : { things: rows, done: rows, columns: 3 },
      );
      return schema;
    } finally {
      database.close();
    }
  }
  const backups = () => (existsSync(backupDir) ? readdirSync(backupDir).filter((name) => name.endsWith('.db')) : []);

  it(`at any of ${moments} random moments leaves the schema before or after, and a whole backup before it begins`, async () => {
    makeSample();
    begin();
    const { ms } = await run(['migrate', file, backupDir]);
    let killed = 0;
    for (const moment of momentsOf(ms)) {
      begin();
      if ((await run(['migrate', file, backupDir], moment)).killed) killed++;
      const schema = schemaOf(file);
      expect([1, things.length]).toContain(schema);
      if (schema > 1) expect(backups()).toHaveLength(1);
      for (const name of backups()) expect(schemaOf(join(backupDir, name))).toBe(1);
      openDatabase({ file, migrations: things, backupDir }).close();
      expect(schemaOf(file)).toBe(things.length);
    }
    expect(killed).toBeGreaterThan(0);
  });
});

describe('a restore', () => {
  const dataDir = join(root, 'data');
  const from = (word: string) => join(root, word);
  const other = (word: string) => (word === 'one' ? 'two' : 'one');

  async function makeBackups(size = {}): Promise<void> {
    for (const word of ['one', 'two']) {
      rmSync(layoutOf(dataDir).firmwareDir, { recursive: true, force: true });
      fillWith(dataDir, word, size);
      rmSync(from(word), { recursive: true, force: true });
      await backUp({ dataDir, to: from(word), withFirmware: true });
    }
  }
  /** What the folder says when the next Pushrod has opened it; nothing of a restore is left lying. */
  function word(): string {
    const words = wordsOf(dataDir);
    expect(words).toHaveLength(1);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('restore'))).toEqual([]);
    rmSync(layoutOf(dataDir).backupDir, { recursive: true, force: true });
    return words[0] ?? '';
  }

  it(`that is killed at any of ${moments} random moments leaves all as before or all as in the backup`, async () => {
    await makeBackups({ devices: 1_000, padBytes: 4_000 });
    const { ms } = await run(['restore', dataDir, from('one')]);
    let now = word();
    expect(now).toBe('one');
    let killed = 0;
    for (const moment of momentsOf(ms)) {
      const wanted = other(now);
      if ((await run(['restore', dataDir, from(wanted)], moment)).killed) killed++;
      now = word();
      expect(['one', 'two']).toContain(now);
    }
    expect(killed).toBeGreaterThan(0);
  });

  it('that is cut off before any of its changes to the folder leaves all as before or all as in the backup', async () => {
    await makeBackups();
    let now = word();
    const bring = (wanted: string) =>
      restore({ dataDir, from: from(wanted), registrySchema: registryMigrations.length });
    const outcomes: string[] = [];
    for (let step = 1; ; step++) {
      const wanted = other(now);
      const cut = cutOffAt(step);
      const ended = await bring(wanted).then(
        () => 'done',
        () => 'cut off',
      );
      cut.undo();
      const found = word();
      outcomes.push(found === wanted ? 'after' : 'before');
      now = found;
      if (ended === 'done') break;
    }
    // All before, then all after: there is one step that decides.
    expect(outcomes.join(' ')).toMatch(/^(before ){10,}(after ){10,}after$/);
  });

  /** From the call `step` on, every call that changes files fails, as in a process that is dead. */
  function cutOffAt(step: number): { undo(): void } {
    const names = ['mkdirSync', 'renameSync', 'rmSync', 'writeFileSync', 'fsyncSync'] as const;
    const real = Object.fromEntries(names.map((name) => [name, fs[name]]));
    let calls = 0;
    for (const name of names) {
      const call = fs[name] as (...args: unknown[]) => unknown;
      Object.assign(fs, {
        [name](...args: unknown[]) {
          if (++calls >= step) throw new TypeError(`cut off before ${name}`);
          return call(...args);
        },
      });
    }
    syncBuiltinESMExports();
    return {
      undo() {
        Object.assign(fs, real);
        syncBuiltinESMExports();
      },
    };
  }
});
