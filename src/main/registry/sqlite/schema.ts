/** Forward only, as in `data/migrations.ts`: what has shipped is never edited. */
export const registryMigrations: readonly string[] = [
  `
  CREATE TABLE devices (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    address TEXT NOT NULL,
    address_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('online', 'offline', 'unknown')),
    last_seen TEXT NOT NULL,
    firmware_version TEXT,
    version_key TEXT NOT NULL,
    location TEXT,
    location_key TEXT NOT NULL,
    model TEXT,
    model_key TEXT NOT NULL,
    metadata TEXT NOT NULL,
    profile TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;

  -- Beside the devices, so that a scan for a word reads a fifth of the bytes.
  CREATE TABLE device_texts (rowid INTEGER PRIMARY KEY, search_text TEXT NOT NULL) STRICT;
  -- Trigrams find a word in the middle of another; detail=none keeps which devices, not where (the text is looked at again).
  CREATE VIRTUAL TABLE device_search USING fts5 (
    search_text, content = 'device_texts', tokenize = 'trigram case_sensitive 1', detail = none, columnsize = 0
  );

  CREATE TABLE device_tags (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    device INTEGER NOT NULL,
    PRIMARY KEY (key, value, device)
  ) STRICT, WITHOUT ROWID;

  -- How many devices have each value; '' stands for none. Kept, not counted: a count of a million takes 30 ms.
  CREATE TABLE facet_counts (
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (facet, value)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE removed_devices (removal_id TEXT NOT NULL, device TEXT NOT NULL) STRICT;

  CREATE UNIQUE INDEX devices_by_id ON devices (id);
  CREATE INDEX devices_by_name ON devices (name_key, id);
  CREATE INDEX devices_by_address ON devices (address_key, name_key);
  CREATE INDEX devices_by_status ON devices (status, name_key);
  CREATE INDEX devices_by_last_seen ON devices (last_seen, name_key);
  CREATE INDEX devices_by_version ON devices (version_key, name_key);
  CREATE INDEX devices_by_location ON devices (location_key, name_key);
  CREATE INDEX devices_by_model ON devices (model_key, name_key);
  CREATE INDEX devices_by_updated_at ON devices (updated_at, name_key);
  `,
];
