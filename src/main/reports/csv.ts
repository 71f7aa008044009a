import { toCell } from '../registry/index.ts';
import type { DeviceReport, UpdateReport } from './update-report.ts';

type Value = string | number | null;

const columns: Record<string, (device: DeviceReport, report: UpdateReport) => Value> = {
  update_id: (_, { update }) => update.id,
  update_name: (_, { update }) => update.name,
  firmware_file: (_, { update }) => update.firmware.map(({ fileName }) => fileName).join(' '),
  firmware_sha256: (_, { update }) => update.firmware.map(({ sha256 }) => sha256).join(' '),
  device_id: ({ deviceId }) => deviceId,
  device_name: ({ name }) => name,
  address: ({ address }) => address,
  state: ({ state }) => state,
  error_code: ({ errorCode }) => errorCode,
  message: ({ message }) => message,
  attempts: ({ attempts }) => attempts,
  method: ({ method }) => method,
  bytes_sent: ({ bytesSent }) => bytesSent,
  bytes_total: ({ bytesTotal }) => bytesTotal,
  started_at: ({ startedAt }) => startedAt,
  ended_at: ({ endedAt }) => endedAt,
  duration_seconds: ({ durationMs }) => (durationMs === null ? null : durationMs / 1_000),
  firmware_version: ({ firmwareVersion }) => firmwareVersion,
  firmware_signed_by: (_, { update }) => update.firmware.map(({ signedBy }) => signedBy ?? '').join(' '),
};

/** A row for each device, in the form of the device export: UTF-8, commas, `\n` line ends, formulas defused. */
export function toCsv(report: UpdateReport): string {
  const rows = report.devices.map((device) => Object.values(columns).map((read) => cellOf(read(device, report))));
  return [Object.keys(columns), ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}

function cellOf(value: Value): string {
  return typeof value === 'string' ? toCell(value) : String(value ?? '');
}
