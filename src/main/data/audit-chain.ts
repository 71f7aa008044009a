import { hash } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/** A row of `audit_log`, without its hash. */
export interface AuditRow {
  /** 1, 2, 3, …: the place in the chain. */
  id: number;
  at: string;
  actor: string;
  subject: string;
  subjectId: string | null;
  updateId: string | null;
  action: string;
  detail: string | null;
}

/** What the first row is chained to. Hashes are in hexadecimal, except in the table. */
export const chainStart = '0'.repeat(64);

/** SHA-256 over the hash of the row before and the row itself, so that no row can be changed, taken out or moved alone. */
export function chainHash(former: string, row: AuditRow): string {
  const { id, at, actor, subject, subjectId, updateId, action, detail } = row;
  const canonical = JSON.stringify([id, at, actor, subject, subjectId, updateId, action, detail]);
  return hash('sha256', former + canonical);
}

/** The end of the chain, kept beside it: what is cut off there would be missed by nobody else. */
export interface AuditHead {
  entries: number;
  hash: string;
}

/** The setting that keeps it. */
export const auditHeadSetting = 'auditHead';

/** `<entries> <hash>` */
export const auditHeadText = ({ entries, hash: last }: AuditHead): string => `${entries} ${last}`;

export function readAuditHead(text: string | undefined): AuditHead {
  const [entries = '0', last = chainStart] = text?.split(' ') ?? [];
  return { entries: Number(entries), hash: last };
}

/** Prepares what puts a row at the end of the chain, whose hash is given back. */
export function prepareChaining(database: Database): (former: string, row: AuditRow) => string {
  // By position: a name of each value would cost as much as the row.
  const insert = database.prepare(`
    INSERT INTO audit_log (id, at, actor, subject, subject_id, update_id, action, detail, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, unhex(?))`);
  return (former, row) => {
    const { id, at, actor, subject, subjectId, updateId, action, detail } = row;
    const last = chainHash(former, row);
    insert.run(id, at, actor, subject, subjectId, updateId, action, detail, last);
    return last;
  };
}
