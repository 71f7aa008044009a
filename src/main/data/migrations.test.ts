import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
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
    { update_id: 'u', position: 0, sha256: 'abc', file_name: 'fw.bin', version: '1.0', size_bytes: 42 },
  ]);
  expect(database.prepare('SELECT unconfirmed_since FROM device_updates').all()).toEqual([{ unconfirmed_since: null }]);
});
