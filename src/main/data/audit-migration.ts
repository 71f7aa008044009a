import type { Database } from 'better-sqlite3';
import { type AuditRow, auditHeadSetting, auditHeadText, chainStart, prepareChaining } from './audit-chain.ts';
import { createSetting } from './setting.ts';

const schema = `
  CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id TEXT,
    update_id TEXT,
    action TEXT NOT NULL,
    detail TEXT,
    hash BLOB NOT NULL
  ) STRICT;
  CREATE INDEX audit_log_by_update ON audit_log (update_id) WHERE update_id IS NOT NULL;
  CREATE TRIGGER audit_log_keeps_rows BEFORE DELETE ON audit_log
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_log_changes_no_row BEFORE UPDATE ON audit_log
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;`;

/** Makes the audit log the one place of what happened: the transitions of before are its first entries. */
export function carryTransitionsOver(database: Database): void {
  database.exec(schema);
  const transitions = database.prepare<[number], Omit<AuditRow, 'id'>>(`
    SELECT at, actor, iif(device_id IS NULL, 'update', 'device-update') AS subject,
      ifnull(device_id, update_id) AS subjectId, update_id AS updateId, state AS action, reason AS detail
    FROM transitions ORDER BY id LIMIT 10000 OFFSET ?`);
  const chain = prepareChaining(database);
  let head = { entries: 0, hash: chainStart };
  for (;;) {
    const batch = transitions.all(head.entries);
    if (batch.length === 0) break;
    for (const found of batch) {
      const row = { ...found, id: head.entries + 1 };
      head = { entries: row.id, hash: chain(head.hash, row) };
    }
  }
  createSetting(database, auditHeadSetting).set(auditHeadText(head));
  database.exec('DROP TABLE transitions');
}
