import { PushrodError } from '../../../shared/errors.ts';
import type { Connections, Session } from './connections.ts';
import { locks } from './locks.ts';
import { migrations } from './schema.ts';
import type { Target } from './target.ts';

/**
 * Brings the schema up to date, one bench at a time. Returns what the technician should know, if anything.
 * @throws PushrodError `DATA_FOLDER_TOO_NEW` for the schema of a newer Pushrod, which is left as it is
 */
export async function migrate(connections: Connections, target: Target): Promise<string | undefined> {
  const session = await connections.open();
  try {
    await session.exec(`BEGIN; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(${locks.schema})`);
    await refuseOtherEncodings(session, target);
    await bringUpToDate(session, target);
    const notice = await indexSearchText(session);
    await session.exec('COMMIT');
    session.close('whole');
    return notice;
  } finally {
    session.close('broken');
  }
}

async function refuseOtherEncodings({ query }: Session, target: Target): Promise<void> {
  const [row] = await query<{ server_encoding: string }>('SHOW server_encoding');
  if (row?.server_encoding === 'UTF8') return;
  const message = `the database ${target.name} is encoded in ${row?.server_encoding}; make one with ENCODING 'UTF8'`;
  throw new PushrodError('INVALID_INPUT', `registry: ${message}`, [{ field: 'registry', message }]);
}

async function bringUpToDate({ query, exec }: Session, target: Target): Promise<void> {
  const [table] = await query<{ found: string | null }>("SELECT to_regclass('pushrod.schema_version') AS found");
  if (!table?.found) {
    // Where the role may not make one, an administrator has made it.
    const [schema] = await query<{ found: string | null }>("SELECT to_regnamespace('pushrod') AS found");
    if (!schema?.found) await exec('CREATE SCHEMA pushrod');
    await exec(`
      CREATE TABLE pushrod.schema_version (version integer NOT NULL);
      INSERT INTO pushrod.schema_version VALUES (0)`);
  }
  const [row] = await query<{ version: number }>('SELECT version FROM pushrod.schema_version');
  const version = row?.version ?? 0;
  if (version > migrations.length) {
    throw new PushrodError(
      'DATA_FOLDER_TOO_NEW',
      `The shared registry ${target.name} is of a newer Pushrod: it has schema ${version}, this one knows up to ${migrations.length}. Nothing was changed.`,
    );
  }
  for (const sql of migrations.slice(version)) await exec(sql);
  if (version < migrations.length) await exec(`UPDATE pushrod.schema_version SET version = ${migrations.length}`);
}

/**
 * Trigrams find a word in the middle of another. They are an extension that a database may lack, so this is no migration:
 * the index is made as soon as it can be.
 */
async function indexSearchText({ query, exec }: Session): Promise<string | undefined> {
  const [index] = await query<{ found: string | null }>("SELECT to_regclass('pushrod.devices_by_search') AS found");
  if (index?.found) return undefined;
  await exec('SAVEPOINT search');
  try {
    await exec('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    const [extension] = await query<{ schema: string }>(
      "SELECT extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = 'pg_trgm'",
    );
    await exec(
      `CREATE INDEX devices_by_search ON pushrod.devices USING gin (search_text ${extension?.schema}.gin_trgm_ops)`,
    );
    return undefined;
  } catch (thrown) {
    await exec('ROLLBACK TO SAVEPOINT search');
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return `Searching this registry for text is slow: its database has no trigrams. Let an administrator run CREATE EXTENSION pg_trgm in it. (${reason})`;
  }
}
