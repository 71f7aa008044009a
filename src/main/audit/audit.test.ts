import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDir } from '../../../test/harness/index.ts';
import type { AuditEntry, UpdateId } from '../../shared/model/index.ts';
import { type Database, type DataFolder, openDataFolder, systemClock } from '../data/index.ts';
import { type Audit, createAudit } from './index.ts';

const dir = temporaryDir();
let folders = 0;
let folder: DataFolder;
let database: Database;
let audit: Audit;

beforeEach(() => {
  folder = openDataFolder(`${dir}/${++folders}`);
  database = folder.database;
  audit = createAudit(database, systemClock);
});
afterEach(() => folder.close());

const append = (...actions: string[]) =>
  audit.record((put) => {
    for (const action of actions) put({ actor: 'me', subject: 'device', subjectId: 'gw-1', action, detail: 'x' });
  });
const everything = (): AuditEntry[] => audit.list({ after: 0, limit: 10_000 });
/** As someone does who opens the file in another program. */
const tamper = (sql: string) => {
  database.exec('DROP TRIGGER audit_log_keeps_rows; DROP TRIGGER audit_log_changes_no_row');
  database.exec(sql);
};

describe('the audit log', () => {
  it('is whole while it is empty, and with all that is appended', async () => {
    expect(await audit.verify()).toEqual({ entries: 0, isWhole: true, firstBadId: null, head: '0'.repeat(64) });
    append('one', 'two');
    append('three');
    expect(await audit.verify()).toEqual({
      ...{ entries: 3, isWhole: true, firstBadId: null },
      head: everything().at(-1)?.hash,
    });
  });

  it('goes on where it was after a restart', async () => {
    append('one');
    audit = createAudit(database, systemClock);
    append('two');
    expect(everything().map(({ id, action }) => [id, action])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    expect((await audit.verify()).isWhole).toBe(true);
  });

  it('keeps nothing of a transaction that fails, and goes on', async () => {
    const failing = () =>
      audit.record((put) => {
        put({ actor: 'me', subject: 'limits', action: 'lost' });
        throw new RangeError('no');
      });
    append('one');
    expect(failing).toThrow(RangeError);
    append('two');
    expect(everything().map(({ action }) => action)).toEqual(['one', 'two']);
    expect((await audit.verify()).isWhole).toBe(true);
  });

  it('lists by time, by update and page by page', () => {
    const updateId = 'u' as UpdateId;
    audit.record((put) => {
      put({ at: '2026-01-01T00:00:00.000Z', actor: 'me', subject: 'limits', action: 'set' });
      put({ at: '2026-01-02T00:00:00.000Z', actor: 'me', subject: 'update', updateId, action: 'running' });
      put({ at: '2026-01-03T00:00:00.000Z', actor: 'me', subject: 'limits', action: 'set' });
    });
    const ids = (request: Partial<Parameters<Audit['list']>[0]>) =>
      audit.list({ limit: 10, ...request }).map(({ id }) => id);
    expect(ids({ since: '2026-01-02T00:00:00.000Z' })).toEqual([2, 3]);
    expect(ids({ updateId })).toEqual([2]);
    expect(ids({ limit: 2 })).toEqual([1, 2]);
    expect(ids({ after: 2 })).toEqual([3]);
    const order = 'newestFirst';
    expect(ids({ order })).toEqual([3, 2, 1]);
    expect(ids({ order, limit: 2 })).toEqual([3, 2]);
    expect(ids({ order, after: 2 })).toEqual([1]);
    expect(ids({ order, updateId })).toEqual([2]);
    expect(ids({ order, since: '2026-01-02T00:00:00.000Z' })).toEqual([3, 2]);
  });

  it.each(['UPDATE audit_log SET actor = 1', 'DELETE FROM audit_log'])('refuses "%s"', (sql) => {
    append('one');
    expect(() => database.exec(sql)).toThrow('the audit log is append-only');
  });

  it.each([
    ['a changed entry', "UPDATE audit_log SET action = 'nothing' WHERE id = 3", 3],
    ['a changed hash', 'UPDATE audit_log SET hash = zeroblob(32) WHERE id = 3', 3],
    ['an entry taken out of the middle', 'DELETE FROM audit_log WHERE id = 3', 3],
    ['the first entry taken out', 'DELETE FROM audit_log WHERE id = 1', 1],
    ['the last entry taken out', 'DELETE FROM audit_log WHERE id = 5', 5],
    ['all entries taken out', 'DELETE FROM audit_log', 1],
    [
      'two entries swapped',
      'UPDATE audit_log SET id = -3 WHERE id = 3; UPDATE audit_log SET id = 3 WHERE id = 4; UPDATE audit_log SET id = 4 WHERE id = -3',
      3,
    ],
    [
      'entries moved up to fill a gap',
      'DELETE FROM audit_log WHERE id = 3; UPDATE audit_log SET id = id - 1 WHERE id > 3',
      3,
    ],
    [
      'an entry added by hand',
      "INSERT INTO audit_log SELECT 6, at, actor, subject, NULL, NULL, 'x', NULL, hash FROM audit_log WHERE id = 5",
      6,
    ],
    ['the noted end taken away', "DELETE FROM settings WHERE name = 'auditHead'", 1],
  ])('finds %s', async (_, sql, firstBadId) => {
    append('one', 'two', 'three', 'four', 'five');
    tamper(sql);
    expect(await audit.verify()).toMatchObject({ isWhole: false, firstBadId });
  });

  it('does not cover up, by what comes later, that its end was cut off', async () => {
    append('one', 'two', 'three');
    tamper('DELETE FROM audit_log WHERE id = 3');
    audit = createAudit(database, systemClock);
    append('four');
    expect(await audit.verify()).toMatchObject({ isWhole: false, firstBadId: 3 });
  });

  it('still takes entries when its noted end is gone', async () => {
    append('one');
    tamper("DELETE FROM settings WHERE name = 'auditHead'");
    audit = createAudit(database, systemClock);
    append('two');
    expect(await audit.verify()).toMatchObject({ isWhole: false, firstBadId: 2 });
  });

  it('is whole whatever texts it holds', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const entry = fc.record({ actor: text, subjectId: fc.option(text), action: text, detail: fc.option(text) });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 5 }), async (entries) => {
        audit.record((put) => {
          for (const one of entries) put({ ...one, subject: 'host' });
        });
        expect((await audit.verify()).isWhole).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
