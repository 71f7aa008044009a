import { setImmediate as turn } from 'node:timers/promises';
import type { AuditCheck, AuditEntry, AuditRequest, AuditSubject, UpdateId } from '../../shared/model/index.ts';
import {
  type AuditHead,
  type AuditRow,
  auditHeadSetting,
  auditHeadText,
  type Clock,
  chainHash,
  chainStart,
  createSetting,
  type Database,
  inTransaction,
  prepareChaining,
  readAuditHead,
} from '../data/index.ts';

/** What happened on this laptop, who did it and when: a chain of entries that only grows. */
export interface Audit {
  /** Runs `work` in one transaction with the entries it appends: all of it is kept, or nothing. */
  record<T>(work: (append: Append) => T): T;
  list(request: AuditRequest): AuditEntry[];
  /** Reads all of it again, and lets others work in between. */
  verify(): Promise<AuditCheck>;
}

export type Append = (entry: NewAuditEntry) => void;

export interface NewAuditEntry {
  /** Now, when left out. */
  at?: string;
  actor: string;
  subject: AuditSubject;
  subjectId?: string | null | undefined;
  updateId?: UpdateId | null;
  action: string;
  detail?: string | null | undefined;
}

type StoredRow = AuditRow & { hash: string };

const columns = `id, at, actor, subject, subject_id AS subjectId, update_id AS updateId, action, detail, lower(hex(hash)) AS hash`;

/** Entries that are checked before others have their turn: some tens of milliseconds. */
const verifyBatch = 5_000;

export function createAudit(database: Database, clock: Clock): Audit {
  const chain = prepareChaining(database);
  const savedHead = createSetting(database, auditHeadSetting);
  const page = database.prepare<[number, string, number], StoredRow>(
    `SELECT ${columns} FROM audit_log WHERE id > ? AND at >= ? ORDER BY id LIMIT ?`,
  );
  const pageOfUpdate = database.prepare<[number, string, string, number], StoredRow>(
    `SELECT ${columns} FROM audit_log WHERE id > ? AND at >= ? AND update_id = ? ORDER BY id LIMIT ?`,
  );
  const newest = database.prepare<[number, string, number], StoredRow>(
    `SELECT ${columns} FROM audit_log WHERE id < ? AND at >= ? ORDER BY id DESC LIMIT ?`,
  );
  const newestOfUpdate = database.prepare<[number, string, string, number], StoredRow>(
    `SELECT ${columns} FROM audit_log WHERE id < ? AND at >= ? AND update_id = ? ORDER BY id DESC LIMIT ?`,
  );
  const lastId = database.prepare<[], number>('SELECT ifnull(max(id), 0) FROM audit_log').pluck();

  /** Goes on from the end that was noted, not from the last row that is found: what was cut off stays a gap. */
  const end = (): AuditHead => {
    const noted = readAuditHead(savedHead.get());
    return { ...noted, entries: Math.max(noted.entries, lastId.get() ?? 0) };
  };
  let head: AuditHead;
  const append: Append = ({ at, actor, subject, subjectId = null, updateId = null, action, detail = null }) => {
    const row: AuditRow = {
      id: head.entries + 1,
      at: at ?? new Date(clock.now()).toISOString(),
      actor: actor.toWellFormed(),
      subject,
      // As SQLite keeps it, in UTF-8.
      subjectId: subjectId?.toWellFormed() ?? null,
      updateId,
      action,
      detail: detail?.toWellFormed() ?? null,
    };
    head = { entries: row.id, hash: chain(head.hash, row) };
  };

  return {
    record(work) {
      return inTransaction(database, () => {
        const before = end();
        head = before;
        const result = work(append);
        if (head !== before) savedHead.set(auditHeadText(head));
        return result;
      });
    },
    list({ since = '', updateId, order, after, limit }) {
      const isNewestFirst = order === 'newestFirst';
      const from = after ?? (isNewestFirst ? Number.MAX_SAFE_INTEGER : 0);
      const [all, ofUpdate] = isNewestFirst ? [newest, newestOfUpdate] : [page, pageOfUpdate];
      const found = updateId === undefined ? all.all(from, since, limit) : ofUpdate.all(from, since, updateId, limit);
      return found as AuditEntry[];
    },
    async verify() {
      const end = readAuditHead(savedHead.get());
      const isLonger = (lastId.get() ?? 0) > end.entries;
      const checked = (firstBadId: number | null): AuditCheck => ({
        entries: end.entries,
        isWhole: firstBadId === null,
        firstBadId,
        head: end.hash,
      });
      let former: AuditHead = { entries: 0, hash: chainStart };
      for (;;) {
        const left = end.entries - former.entries;
        const rows = page.all(former.entries, '', Math.min(verifyBatch, left));
        for (const { hash, ...row } of rows) {
          const id = former.entries + 1;
          if (row.id !== id || chainHash(former.hash, row) !== hash) return checked(id);
          former = { entries: id, hash };
        }
        if (former.entries === end.entries) break;
        if (rows.length === 0) return checked(former.entries + 1);
        await turn();
      }
      if (former.hash !== end.hash) return checked(end.entries);
      return checked(isLonger ? end.entries + 1 : null);
    },
  };
}
