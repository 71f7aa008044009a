import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDir } from '../../../test/harness/index.ts';
import { noteDamage } from './damage.ts';
import { type Database, databaseFailure, inTransaction, openDatabase } from './database.ts';
import { applicationId } from './identity.ts';
import type { Migration } from './migrate.ts';

const root = temporaryDir();
let folders = 0;
let dir: string;
let file: string;
let nowMs: number;

const first = 'CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT) STRICT';
const second: Migration = (database) => {
  database.exec('ALTER TABLE things ADD COLUMN size INTEGER');
  database.exec('UPDATE things SET size = length(name)');
};

beforeEach(() => {
  dir = join(root, `${++folders}`);
  mkdirSync(dir);
  file = join(dir, 'things.db');
  nowMs = Date.parse('2026-07-30T10:11:12.345Z');
});

const backupDir = () => join(dir, 'backups');
function open(migrations: readonly Migration[] = [first], pragmas: string[] = []): Database {
  return openDatabase({ file, migrations, backupDir: backupDir(), pragmas, clock: { now: () => nowMs++ } });
}
function openAndClose(migrations?: readonly Migration[]): void {
  open(migrations).close();
}
/** A database of schema 1 with many things in it. */
function fill(things = 5_000): void {
  const database = open();
  const insert = database.prepare('INSERT INTO things (name) VALUES (?)');
  inTransaction(database, () => {
    for (let index = 0; index < things; index++) insert.run(`thing ${index}`);
  });
  database.close();
}
const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);
const code = (expected: string) => expect.objectContaining({ code: expected });
const failure = (work: () => void): Error & { code: string } => {
  try {
    work();
  } catch (thrown) {
    return thrown as Error & { code: string };
  }
  return expect.fail('it did not fail');
};
/** Names and bytes of all files of the folder. */
const everything = () =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const bytes = readFileSync(join(parentPath, name));
      return `${join(parentPath, name)} ${createHash('sha256').update(bytes).digest('hex')}`;
    })
    .sort();
/** Leaves the file as a process does that is killed with a commit in its write-ahead log. */
function leaveLog(change: (database: Database) => void): void {
  const database = new Sqlite(file);
  database.pragma('wal_autocheckpoint = 0');
  change(database);
  const wal = readFileSync(`${file}-wal`);
  database.close();
  writeFileSync(`${file}-wal`, wal);
}

describe('opening', () => {
  it('commits durably in WAL mode, and marks the file as one of Pushrod', () => {
    const database = open([first], ['page_size = 8192', 'cache_size = -2000']);
    const pragma = (name: string) => database.pragma(name, { simple: true });
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('page_size')).toBe(8192);
    expect(pragma('cache_size')).toBe(-2000);
    expect(pragma('application_id')).toBe(applicationId);
    database.close();
  });

  it.each(['in the file', 'in its write-ahead log only'])(
    'refuses a newer schema %s, and leaves every byte',
    (where) => {
      fill(10);
      if (where === 'in the file') {
        const database = new Sqlite(file);
        database.pragma('user_version = 99');
        database.pragma('journal_mode = DELETE');
        database.close();
      } else {
        leaveLog((database) => database.pragma('user_version = 99'));
      }
      const before = everything();
      for (const _ of [1, 2]) expect(openAndClose).toThrowError(code('DATA_FOLDER_TOO_NEW'));
      expect(everything()).toEqual(before);
    },
  );

  it('leaves no file behind when it refuses a newer schema in WAL mode', () => {
    fill(10);
    const database = new Sqlite(file);
    database.pragma('user_version = 99');
    database.close();
    expect(openAndClose).toThrowError(code('DATA_FOLDER_TOO_NEW'));
    expect(namesIn(dir)).toEqual(['things.db']);
  });

  it('refuses a newer schema even of a suspect, and leaves it', () => {
    fill(10);
    const database = new Sqlite(file);
    database.pragma('user_version = 99');
    database.close();
    noteDamage(file, 'test');
    const before = everything();
    expect(openAndClose).toThrowError(code('DATA_FOLDER_TOO_NEW'));
    expect(everything()).toEqual(before);
  });

  it.each([
    ['with a mark of its own', 'PRAGMA application_id = 252006; PRAGMA user_version = 1; CREATE TABLE a (b)'],
    ['without any mark', 'CREATE TABLE a (b)'],
    ['that looks like an older schema', 'PRAGMA user_version = 1; CREATE TABLE a (b)'],
  ])('refuses a database of another program %s, and leaves every byte', (_, sql) => {
    const database = new Sqlite(file);
    database.exec(sql);
    database.close();
    const before = everything();
    expect(openAndClose).toThrowError(code('INVALID_INPUT'));
    expect(everything()).toEqual(before);
  });

  it('takes an empty file for a new database', () => {
    writeFileSync(file, '');
    openAndClose();
    expect(namesIn(dir)).toEqual(['things.db']);
  });

  it('takes a file whose first migration never came for a new database', () => {
    const database = new Sqlite(file);
    database.pragma('journal_mode = WAL');
    database.close();
    const opened = open();
    expect(opened.prepare('SELECT count(*) FROM things').pluck().get()).toBe(0);
    opened.close();
  });
});

describe('migrations', () => {
  it('run after an automatic backup that holds what was there', () => {
    fill(3);
    const database = open([first, second]);
    expect(database.prepare('SELECT size FROM things').pluck().all()).toEqual([7, 7, 7]);
    database.close();
    expect(namesIn(backupDir())).toEqual(['things-v1-2026-07-30T101112.345Z.db']);
    const backup = new Sqlite(join(backupDir(), 'things-v1-2026-07-30T101112.345Z.db'), { readonly: true });
    expect(backup.pragma('user_version', { simple: true })).toBe(1);
    expect(backup.pragma('application_id', { simple: true })).toBe(applicationId);
    expect(backup.prepare('SELECT name FROM things').pluck().all()).toEqual(['thing 0', 'thing 1', 'thing 2']);
    backup.close();
  });

  it('are told of before the backup and before each step, but not for a new database', () => {
    const told: string[] = [];
    const onMigrating = (done: number, steps: number) =>
      told.push(`${done}/${steps} after ${namesIn(backupDir()).length} backups`);
    const options = { file, backupDir: backupDir(), clock: { now: () => nowMs++ }, onMigrating };
    openDatabase({ ...options, migrations: [first] }).close();
    expect(told).toEqual([]);
    openDatabase({ ...options, migrations: [first, second, 'CREATE TABLE more (id INTEGER)'] }).close();
    expect(told).toEqual(['0/2 after 0 backups', '0/2 after 1 backups', '1/2 after 1 backups']);
  });

  it('make no backup of a new database, nor of one that is up to date', () => {
    openAndClose([first, second]);
    openAndClose([first, second]);
    expect(namesIn(dir)).toEqual(['things.db']);
  });

  it('keep the newest five backups of each database', () => {
    mkdirSync(backupDir());
    const other = 'others-v1-2020-01-01T000000.000Z.db';
    writeFileSync(join(backupDir(), other), '');
    const steps: Migration[] = [first];
    openAndClose(steps);
    for (let schema = 2; schema <= 11; schema++) {
      steps.push(`CREATE TABLE step${schema} (a)`);
      openAndClose(steps);
    }
    const kept = namesIn(backupDir()).filter((name) => name !== other);
    expect(kept.map((name) => name.slice(0, 'things-v10'.length)).sort()).toEqual(
      ['things-v10', 'things-v6-', 'things-v7-', 'things-v8-', 'things-v9-'].sort(),
    );
    expect(namesIn(backupDir())).toContain(other);
  });

  it('are all done or none of them', () => {
    fill(3);
    const failing: Migration = () => {
      throw new TypeError('no');
    };
    expect(() => openAndClose([first, second, failing])).toThrowError('no');
    const database = open([first]);
    expect(database.prepare('SELECT * FROM things').all()[0]).toEqual({ id: 1, name: 'thing 0' });
    database.close();
  });

  it('may make a table anew that others refer to, but break no reference', () => {
    const parents: Migration = `
      CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE);
      INSERT INTO parents VALUES (1);
      INSERT INTO children VALUES (1)`;
    const anew: Migration = `
      CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT);
      INSERT INTO new_parents SELECT id, '' FROM parents;
      DROP TABLE parents;
      ALTER TABLE new_parents RENAME TO parents`;
    openAndClose([parents]);
    const database = open([parents, anew]);
    expect(database.prepare('SELECT count(*) FROM children').pluck().get()).toBe(1);
    database.close();
    expect(() => openAndClose([parents, anew, 'DELETE FROM parents'])).toThrowError('broke a reference of children');
  });

  it('clear away what a migration that was cut off left', () => {
    fill(3);
    mkdirSync(backupDir());
    writeFileSync(join(backupDir(), 'things.partial'), 'half');
    openAndClose([first, second]);
    expect(namesIn(backupDir())).toEqual(['things-v1-2026-07-30T101112.345Z.db']);
  });
});

describe('damage', () => {
  /** Writes over the middle of the file. */
  function damage(): void {
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, bytes.length);
    writeFileSync(file, bytes);
  }
  const asideFolder = () => join(dir, 'damaged', namesIn(join(dir, 'damaged'))[0] ?? '');

  it('that a migration meets sets the database aside with its log, byte for byte, and says where', () => {
    fill();
    damage();
    const bytes = readFileSync(file);
    const error = failure(() => openAndClose([first, 'UPDATE things SET name = upper(name)']));
    expect(error.code).toBe('DATABASE_DAMAGED');
    expect(error.message).toContain(asideFolder());
    expect(readFileSync(join(asideFolder(), 'things.db')).equals(bytes)).toBe(true);
    expect(namesIn(dir).filter((name) => name.startsWith('things'))).toEqual([]);
  });

  it('leaves the next start with an empty database, and the damaged one where it is', () => {
    fill();
    writeFileSync(file, 'this was a database once');
    expect(openAndClose).toThrowError(code('DATABASE_DAMAGED'));
    const database = open();
    expect(database.prepare('SELECT count(*) FROM things').pluck().get()).toBe(0);
    database.close();
    expect(readFileSync(join(asideFolder(), 'things.db'), 'utf8')).toBe('this was a database once');
  });

  it('names the newest automatic backup and the command that brings it back', () => {
    fill(3);
    openAndClose([first, second]);
    const [backup = ''] = namesIn(backupDir());
    writeFileSync(file, 'no database');
    const { message } = failure(() => openAndClose([first, second]));
    expect(message).toContain(`pushrod --data ${dir} restore ${join(backupDir(), backup)} --yes`);
  });

  it('never sets one aside over another', () => {
    for (const text of ['one', 'two']) {
      nowMs = 0;
      writeFileSync(file, text);
      expect(openAndClose).toThrowError(code('DATABASE_DAMAGED'));
    }
    const kept = namesIn(join(dir, 'damaged')).map((name) =>
      readFileSync(join(dir, 'damaged', name, 'things.db'), 'utf8'),
    );
    expect(kept).toEqual(['one', 'two']);
  });

  it.each([10, 99, 100, 511, 4096])('is seen in a file of which %i bytes are left', (sizeBytes) => {
    fill();
    truncateSync(file, sizeBytes);
    noteDamage(file, 'test');
    expect(openAndClose).toThrowError(code('DATABASE_DAMAGED'));
  });

  it('that a running session noted is looked for at the next start', () => {
    fill();
    damage();
    noteDamage(file, 'database disk image is malformed');
    expect(openAndClose).toThrowError(code('DATABASE_DAMAGED'));
    expect(namesIn(asideFolder())).toEqual(expect.arrayContaining(['things.db', 'things.db-suspect']));
  });

  it('that was noted, but is not there, is forgotten', () => {
    fill(3);
    noteDamage(file, 'a false alarm');
    const database = open();
    expect(database.prepare('SELECT count(*) FROM things').pluck().get()).toBe(3);
    database.close();
    expect(namesIn(dir)).toEqual(['things.db']);
  });

  it('of a migration that fails on a sound file sets it aside only after a second try', () => {
    fill(3);
    let tries = 0;
    const failing: Migration = () => {
      if (++tries < 2) throw new Sqlite.SqliteError('database disk image is malformed', 'SQLITE_CORRUPT_VTAB');
    };
    openAndClose([first, failing]);
    expect(tries).toBe(2);
    tries = -10;
    expect(() => openAndClose([first, failing, failing])).toThrowError(code('DATABASE_DAMAGED'));
  });

  it.each(['gone', 'empty'])('of a database that is %s beside its log keeps the log', (state) => {
    fill(3);
    leaveLog((database) => database.exec("INSERT INTO things (name) VALUES ('last')"));
    const log = readFileSync(`${file}-wal`);
    rmSync(file);
    if (state === 'empty') writeFileSync(file, '');
    expect(openAndClose).toThrowError(code('DATABASE_DAMAGED'));
    expect(readFileSync(join(asideFolder(), 'things.db-wal')).equals(log)).toBe(true);
    openAndClose();
  });

  it('in a running session is an error with a code, and a note for the next start', () => {
    fill();
    damage();
    const database = open();
    expect(failure(() => inTransaction(database, () => database.exec('UPDATE things SET name = 1'))).code).toBe(
      'DATABASE_DAMAGED',
    );
    database.close();
    expect(existsSync(`${file}-suspect`)).toBe(true);
  });
});

describe('a disk', () => {
  it('that is full is an error with a code, and the transaction left nothing', () => {
    const database = open();
    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
    const filling = () => database.exec('INSERT INTO things (name) SELECT hex(zeroblob(100000))');
    const error = failure(() => inTransaction(database, filling));
    expect(error).toMatchObject({ code: 'STORAGE_FAILED', message: expect.stringContaining('disk is full') });
    expect(database.prepare('SELECT count(*) FROM things').pluck().get()).toBe(0);
    database.close();
  });

  it('that cannot be written to is an error with a code', () => {
    openAndClose();
    const database = new Sqlite(file, { readonly: true });
    const writing = () => inTransaction(database, () => database.exec('DELETE FROM things'));
    expect(failure(writing)).toMatchObject({ code: 'STORAGE_FAILED', message: expect.stringContaining('written to') });
    database.close();
  });

  it.each([
    ['SQLITE_IOERR_WRITE', 'STORAGE_FAILED'],
    ['SQLITE_CANTOPEN', 'STORAGE_FAILED'],
    ['SQLITE_NOTADB', 'DATABASE_DAMAGED'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_UNIQUE'],
  ])('or file of which SQLite says %s gives %s', (said, expected) => {
    expect(databaseFailure(new Sqlite.SqliteError('m', said), file)).toMatchObject({ code: expected });
  });

  it('that takes no backup before a migration leaves the database as it was', () => {
    fill(3);
    writeFileSync(backupDir(), 'a file where the folder should be');
    const before = everything();
    expect(() => openAndClose([first, second])).toThrowError();
    expect(everything()).toEqual(before);
  });
});
