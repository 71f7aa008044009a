import type { Device } from '../../../shared/model/index.ts';

/** A row of the table `devices`. */
export interface DeviceRow {
  id: string;
  name: string;
  address: string;
  status: string;
  last_seen: string | null;
  firmware_version: string | null;
  location: string | null;
  model: string | null;
  metadata: string;
  profile: string | null;
  created_at: string;
  updated_at: string;
}

export function toRow(device: Device): DeviceRow {
  return {
    id: device.id,
    name: device.name,
    address: device.address,
    status: device.status,
    last_seen: device.lastSeen,
    firmware_version: device.firmwareVersion,
    location: device.location,
    model: device.model,
    metadata: JSON.stringify(device.metadata),
    profile: device.profile,
    created_at: device.createdAt,
    updated_at: device.updatedAt,
  };
}

/** The table holds only what {@link toRow} wrote, so it is taken at its word. */
export function fromRow(row: DeviceRow): Device {
  return {
    id: row.id as Device['id'],
    name: row.name,
    address: row.address,
    status: row.status as Device['status'],
    lastSeen: row.last_seen,
    firmwareVersion: row.firmware_version,
    location: row.location,
    model: row.model,
    metadata: JSON.parse(row.metadata) as Device['metadata'],
    profile: row.profile,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
