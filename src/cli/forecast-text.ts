import { formatBytes } from '../shared/format-bytes.ts';
import type { PushForecast } from '../shared/model/index.ts';
import { table } from './table.ts';
import { devicesOf } from './units.ts';

/** A forecast for people: each device, then all of them together. */
export function forecastText({ devices, bytesTotal, durationMs }: PushForecast): string {
  const pushed = devices.filter(({ action }) => action === 'push').length;
  const duration = durationMs === null ? 'no past push tells how long' : `about ${Math.ceil(durationMs / 1_000)} s`;
  const reach = { true: 'yes', false: 'no', null: '' };
  const rows = devices.map((row) => {
    const { deviceName, phase, action, isReachable, message } = row;
    return [deviceName, phase + 1, action, reach[`${isReachable}`], message];
  });
  return [
    table(['DEVICE', 'PHASE', 'ACTION', 'REACHABLE', 'WHY'], rows),
    `${pushed} ${devicesOf(pushed)} to push to, ${devices.length - pushed} to skip; at most ${formatBytes(bytesTotal)}, ${duration}.`,
  ].join('\n');
}
