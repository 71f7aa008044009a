import { hash } from 'node:crypto';

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

/** What the first row is chained to. */
export const chainStart: Buffer = Buffer.alloc(32);

/** SHA-256 over the hash of the row before and the row itself, so that no row can be changed, taken out or moved alone. */
export function chainHash(former: Buffer, row: AuditRow): Buffer {
  const { id, at, actor, subject, subjectId, updateId, action, detail } = row;
  const canonical = JSON.stringify([id, at, actor, subject, subjectId, updateId, action, detail]);
  return hash('sha256', former.toString('hex') + canonical, 'buffer');
}

/** The end of the chain, kept beside it: what is cut off there would be missed by nobody else. */
export interface AuditHead {
  entries: number;
  hash: Buffer;
}

/** The setting that keeps it. */
export const auditHeadSetting = 'auditHead';

/** `<entries> <hash in hex>` */
export const auditHeadText = ({ entries, hash: last }: AuditHead): string => `${entries} ${last.toString('hex')}`;

export function readAuditHead(text: string | undefined): AuditHead {
  const [entries = '0', last] = text?.split(' ') ?? [];
  return { entries: Number(entries), hash: last === undefined ? chainStart : Buffer.from(last, 'hex') };
}

export const insertAuditRow = `
  INSERT INTO audit_log (id, at, actor, subject, subject_id, update_id, action, detail, hash)
  VALUES (@id, @at, @actor, @subject, @subjectId, @updateId, @action, @detail, @hash)`;
