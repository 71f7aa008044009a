import { formatBytes } from '../shared/format-bytes.ts';
import { bytesThrough, type DeviceUpdate, hasFailed, type Update } from '../shared/model/index.ts';
import type { Follower } from './follower.ts';
import { printable, printableLines, table } from './table.ts';
import type { Terminal } from './terminal.ts';

/** A bar that is drawn anew on a terminal, a line for each device that ended, and the failures at the end. */
export function peopleFollower(terminal: Terminal): Follower {
  const isLive = process.stderr.isTTY;
  const latest = new Map<string, DeviceUpdate>();
  const told = new Set<string>();
  const toldToWait = new Set<string>();
  let toldReason: string | null = null;
  const clearBar = () => isLive && process.stderr.write('\r\x1b[K');
  return {
    changed(update, devices) {
      clearBar();
      if (update.reason !== null && update.reason !== toldReason) terminal.note(reasonLine(update));
      toldReason = update.reason;
      for (const device of devices) {
        latest.set(device.deviceId, device);
        if (isWaiting(device) && !toldToWait.has(device.deviceId)) {
          toldToWait.add(device.deviceId);
          terminal.note(printable(`${device.deviceName} (${device.address})  ${device.message}`));
        }
        if (device.endedAt === null || told.has(device.deviceId)) continue;
        told.add(device.deviceId);
        terminal.note(endedLine(device), markOf(device));
      }
      if (isLive && update.endedAt === null) process.stderr.write(barOf(update, [...latest.values()]));
    },
    ended(update, devices) {
      clearBar();
      const failed = devices.filter(hasFailed);
      const parts = Object.entries(update.counts).map(([state, count]) => `${count} ${state}`);
      const lines = [`${update.name}: ${update.state}, ${parts.join(', ')}.`];
      if (update.opensAt !== null) {
        lines.push(`It goes on at ${update.opensAt} if Pushrod is open then: its window, or "pushrod serve".`);
      }
      if (failed.length > 0) {
        const rows = failed.map(({ deviceName, errorCode, message }) => [deviceName, errorCode, message]);
        const hints = new Map(failed.map(({ errorCode, hint }) => [errorCode, `${errorCode}: ${hint}`]));
        lines.push(table(['DEVICE', 'ERROR', 'MESSAGE'], rows), ...hints.values());
      }
      process.stdout.write(`${printableLines(lines.join('\n'))}\n`);
    },
  };
}

/** Why it is paused, and what a person can do about it. */
function reasonLine({ id, state, reason }: Update): string {
  if (state !== 'paused') return printable(`${reason}`);
  return printable(`Paused: ${reason} Go on with "updates resume", "approve", "retry" or "cancel" ${id}.`);
}

/** A device that is in no trouble itself but cannot begin yet has a message all the same. */
const isWaiting = ({ endedAt, errorCode, message }: DeviceUpdate) =>
  endedAt === null && errorCode === null && message !== null;

function markOf(device: DeviceUpdate) {
  const { state } = device;
  const color = state === 'succeeded' ? 'green' : hasFailed(device) ? 'red' : 'yellow';
  return { text: state.padEnd(9), color } as const;
}

function endedLine(device: DeviceUpdate): string {
  const { deviceName, address, errorCode, message } = device;
  const why = errorCode === null ? '' : `  ${errorCode}: ${message ?? ''}`;
  return printable(`${deviceName} (${address})${why}`);
}

function barOf(update: Update, all: DeviceUpdate[]): string {
  const devices = all.filter(({ state }) => state !== 'skipped');
  const sum = (count: (device: DeviceUpdate) => number) => devices.reduce((total, device) => total + count(device), 0);
  const total = sum(({ bytesTotal }) => bytesTotal);
  const share = total === 0 ? 0 : sum(bytesThrough) / total;
  const width = 24;
  const filled = Math.round(share * width);
  const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
  const ended = devices.filter(({ endedAt }) => endedAt !== null).length;
  const failed = update.counts.failed ? `, ${update.counts.failed} failed` : '';
  const totalDevices = update.total - (update.counts.skipped ?? 0);
  const line = `${bar} ${Math.floor(share * 100)} %  ${ended}/${totalDevices}${failed}  ${formatBytes(sum(({ rateBytesPerSecond }) => rateBytesPerSecond))}/s`;
  return line.slice(0, Math.max(20, (process.stderr.columns || 80) - 1));
}
