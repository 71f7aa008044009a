import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { chainHash, chainStart, readAuditHead } from './audit-chain.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';

it('keeps what an update brought when an update may bring several files', () => {
  const database = new Sqlite(':memory:');
  migrate(database, migrations.slice(0, 1), 0);
  database.exec(`
    INSERT INTO updates (id, name, request, firmware_sha256, firmware_file_name, firmware_version, firmware_size_bytes, state, created_at)
    VALUES ('u', 'night', '{}', 'abc', 'fw.bin', '1.0', 42, 'completed', '2026-01-01T00:00:00.000Z');
    INSERT INTO device_updates (update_id, device_id, device_name, address, state, bytes_total)
    VALUES ('u', 'd', 'gw', 'h', 'succeeded', 42)`);
  migrate(database, migrations, 1);
  expect(database.prepare('SELECT * FROM update_firmware').all()).toEqual([
    {
      update_id: 'u',
      position: 0,
      sha256: 'abc',
      file_name: 'fw.bin',
      version: '1.0',
      size_bytes: 42,
      signed_by: null,
    },
  ]);
  expect(database.prepare('SELECT unconfirmed_since FROM device_updates').all()).toEqual([{ unconfirmed_since: null }]);
});

it('chains the audit log as ever, so that what is there can be verified', () => {
  const first = { id: 1, at: '2026-01-01T00:00:00.000Z', actor: 'ann (terminal)', subject: 'update', subjectId: 'u' };
  const firstHash = chainHash(chainStart, { ...first, updateId: 'u', action: 'running', detail: null });
  expect(firstHash).toBe('85414c0acc43c74f2b5970fc30016c05c026e588e28abc79d1039a615d6d35a7');
  const second = { id: 2, at: '2026-01-01T00:00:01.000Z', actor: 'pushrod', subject: 'device-update', subjectId: 'd' };
  const secondHash = chainHash(firstHash, { ...second, updateId: 'u', action: 'connecting', detail: 'Versuch 2 – ü' });
  expect(secondHash).toBe('cfe5c6a7541d95ae60a3eec8ba7fb9aff0d2fd14ffa3d4fba67296382efa82a6');
});

it('carries the transitions over into the audit log, chained in their order', () => {
  const database = new Sqlite(':memory:');
  migrate(database, migrations.slice(0, 3), 0);
  database.exec(`
    INSERT INTO updates (id, name, request, state, created_at) VALUES ('u', 'night', '{}', 'running', '2026-01-01T00:00:00.000Z');
    INSERT INTO transitions (update_id, device_id, state, reason, at, actor) VALUES
      ('u', NULL, 'running', NULL, '2026-01-01T00:00:00.000Z', 'ann (terminal)'),
      ('u', 'd', 'connecting', 'try 2', '2026-01-01T00:00:01.000Z', 'pushrod')`);
  migrate(database, migrations, 3);
  const first = { id: 1, at: '2026-01-01T00:00:00.000Z', actor: 'ann (terminal)', subject: 'update', subjectId: 'u' };
  const running = { ...first, updateId: 'u', action: 'running', detail: null };
  const second = { id: 2, at: '2026-01-01T00:00:01.000Z', actor: 'pushrod', subject: 'device-update', subjectId: 'd' };
  const connecting = { ...second, updateId: 'u', action: 'connecting', detail: 'try 2' };
  const firstHash = chainHash(chainStart, running);
  const secondHash = chainHash(firstHash, connecting);
  expect(
    database.prepare('SELECT id, subject, subject_id, update_id, lower(hex(hash)) FROM audit_log').raw().all(),
  ).toEqual([
    [1, 'update', 'u', 'u', firstHash],
    [2, 'device-update', 'd', 'u', secondHash],
  ]);
  const head = database.prepare("SELECT value FROM settings WHERE name = 'auditHead'").pluck().get();
  expect(readAuditHead(head as string)).toEqual({ entries: 2, hash: secondHash });
  expect(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'transitions'").all()).toEqual([]);
});
