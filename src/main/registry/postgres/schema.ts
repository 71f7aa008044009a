/**
 * Forward only. Number n of this list takes the schema `pushrod` from version n-1 to n; what has shipped is never edited.
 * All text compares byte by byte (COLLATE "C"), as in SQLite. Indexes on a sort column end with what breaks ties.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE pushrod.devices (
    id text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    address_key text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('online', 'offline', 'unknown')),
    last_seen text COLLATE "C" NOT NULL,
    firmware_version text COLLATE "C",
    version_key text COLLATE "C" NOT NULL,
    location text COLLATE "C",
    location_key text COLLATE "C" NOT NULL,
    model text COLLATE "C",
    model_key text COLLATE "C" NOT NULL,
    -- As it was written; what is asked for is in tags.
    metadata text COLLATE "C" NOT NULL,
    profile text COLLATE "C",
    created_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    tags jsonb NOT NULL
  );
  CREATE INDEX devices_by_name ON pushrod.devices (name_key, id);
  CREATE INDEX devices_by_address ON pushrod.devices (address_key, name_key, id);
  CREATE INDEX devices_by_status ON pushrod.devices (status, name_key, id);
  CREATE INDEX devices_by_last_seen ON pushrod.devices (last_seen, name_key, id);
  CREATE INDEX devices_by_version ON pushrod.devices (version_key, name_key, id);
  CREATE INDEX devices_by_location ON pushrod.devices (location_key, name_key, id);
  CREATE INDEX devices_by_model ON pushrod.devices (model_key, name_key, id);
  CREATE INDEX devices_by_profile ON pushrod.devices (profile, name_key, id);
  CREATE INDEX devices_by_created_at ON pushrod.devices (created_at, name_key, id);
  CREATE INDEX devices_by_updated_at ON pushrod.devices (updated_at, name_key, id);
  CREATE INDEX devices_by_tags ON pushrod.devices USING gin (tags jsonb_path_ops);

  -- The devices of the last removal, to be restored.
  CREATE TABLE pushrod.removed_devices (LIKE pushrod.devices, removal_id text COLLATE "C" NOT NULL);

  CREATE TABLE pushrod.device_leases (
    device_id text COLLATE "C" PRIMARY KEY,
    bench text NOT NULL,
    token uuid NOT NULL,
    expires_at timestamptz NOT NULL
  );
  CREATE INDEX device_leases_by_token ON pushrod.device_leases (token);
  `,
  `
  CREATE TABLE pushrod.claims (
    key text COLLATE "C" PRIMARY KEY,
    owner text NOT NULL,
    bench text NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT now()
  );
  `,
];
