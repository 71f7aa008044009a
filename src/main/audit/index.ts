export { type Append, type Audit, createAudit, type NewAuditEntry } from './audit.ts';
