import { carryTransitionsOver } from './audit-migration.ts';
import type { Migration } from './migrate.ts';

/**
 * Of `pushrod.db`. Forward only: number n of this list takes a database from schema n-1 to n; what has shipped is never
 * edited.
 */
export const migrations: readonly Migration[] = [
  `
  CREATE TABLE firmware (
    sha256 TEXT PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    version TEXT NOT NULL,
    models TEXT NOT NULL,
    notes TEXT NOT NULL,
    added_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE profiles (
    name TEXT PRIMARY KEY,
    profile TEXT NOT NULL
  ) STRICT;
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;
  CREATE TABLE credentials (
    name TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    kind TEXT NOT NULL,
    fingerprint TEXT,
    sealed_secret BLOB NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE updates (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    request TEXT NOT NULL,
    firmware_sha256 TEXT NOT NULL,
    firmware_file_name TEXT NOT NULL,
    firmware_version TEXT NOT NULL,
    firmware_size_bytes INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    ended_at TEXT
  ) STRICT;
  CREATE INDEX updates_by_state ON updates (state);
  CREATE INDEX updates_by_created_at ON updates (created_at);

  CREATE TABLE device_updates (
    update_id TEXT NOT NULL REFERENCES updates (id),
    device_id TEXT NOT NULL,
    device_name TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    bytes_sent INTEGER NOT NULL DEFAULT 0,
    bytes_total INTEGER NOT NULL,
    method TEXT,
    resumed_from INTEGER NOT NULL DEFAULT 0,
    error_code TEXT,
    message TEXT,
    started_at TEXT,
    ended_at TEXT,
    PRIMARY KEY (update_id, device_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE transitions (
    id INTEGER PRIMARY KEY,
    update_id TEXT NOT NULL REFERENCES updates (id),
    device_id TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX transitions_by_update ON transitions (update_id, device_id, id);
  `,
  `
  ALTER TABLE device_updates ADD COLUMN unconfirmed_since TEXT;
  ALTER TABLE device_updates ADD COLUMN firmware_version TEXT;

  CREATE TABLE command_outputs (
    id INTEGER PRIMARY KEY,
    update_id TEXT NOT NULL REFERENCES updates (id),
    device_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    step TEXT NOT NULL,
    command TEXT NOT NULL,
    exit_code INTEGER,
    output TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX command_outputs_by_update ON command_outputs (update_id, device_id, id);

  CREATE TABLE update_firmware (
    update_id TEXT NOT NULL REFERENCES updates (id),
    position INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    file_name TEXT NOT NULL,
    version TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (update_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX update_firmware_by_sha256 ON update_firmware (sha256);
  INSERT INTO update_firmware
  SELECT id, 0, firmware_sha256, firmware_file_name, firmware_version, firmware_size_bytes FROM updates;
  ALTER TABLE updates DROP COLUMN firmware_sha256;
  ALTER TABLE updates DROP COLUMN firmware_file_name;
  ALTER TABLE updates DROP COLUMN firmware_version;
  ALTER TABLE updates DROP COLUMN firmware_size_bytes;
  `,
  `
  ALTER TABLE updates ADD COLUMN reason TEXT;
  ALTER TABLE updates ADD COLUMN phase INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE updates ADD COLUMN phases INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE updates ADD COLUMN phase_ended_at TEXT;
  ALTER TABLE updates ADD COLUMN is_released INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE device_updates ADD COLUMN phase INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE device_updates ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX device_updates_by_device ON device_updates (device_id, ended_at);
  ALTER TABLE transitions ADD COLUMN actor TEXT NOT NULL DEFAULT 'pushrod';
  `,
  carryTransitionsOver,
  `
  ALTER TABLE device_updates ADD COLUMN location TEXT;

  CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    schedule TEXT NOT NULL,
    is_enabled INTEGER NOT NULL,
    settled_at TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE schedule_runs (
    name TEXT NOT NULL REFERENCES schedules (name) ON DELETE CASCADE,
    due_at TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    count INTEGER NOT NULL,
    update_ids TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (name, due_at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX schedule_runs_by_state ON schedule_runs (state, name);
  `,
  `
  ALTER TABLE firmware ADD COLUMN signature TEXT;
  ALTER TABLE update_firmware ADD COLUMN signed_by TEXT;
  `,
];
