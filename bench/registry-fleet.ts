import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The n-th device of a made-up fleet: 200 locations, 12 models, 300 versions, and tags both common and unique. */
export function fleetDevice(n: number) {
  const mixed = Math.imul(n + 1, 2_654_435_761) >>> 0;
  return {
    id: `d${n}`,
    name: `${kinds[mixed % kinds.length]}-${n}`,
    address: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    status: mixed % 10 < 8 ? 'online' : mixed % 10 === 8 ? 'offline' : 'unknown',
    lastSeen: new Date(Date.UTC(2026, 0, 1) + (mixed % 20_000_000) * 1_000).toISOString(),
    firmwareVersion: `${1 + (mixed % 3)}.${(mixed >>> 3) % 20}.${(mixed >> 8) % 5}`,
    location: `Site ${mixed % 20} Hall ${(mixed >>> 5) % 10}`,
    model: `M${(mixed >>> 7) % 12}`,
    rack: String((mixed >>> 4) % 40),
    serial: `SN${mixed.toString(16).padStart(8, '0')}`,
  };
}

const kinds = ['gateway', 'camera', 'plc', 'router', 'sensor'];

/** Writes the first `count` devices of the fleet as a CSV list. */
export async function writeFleet(file: string, count: number): Promise<void> {
  function* rows() {
    yield 'id,name,address,status,last_seen,firmware_version,location,model,tag:rack,tag:serial\n';
    for (let n = 0; n < count; n += 1) yield `${Object.values(fleetDevice(n)).join()}\n`;
  }
  await pipeline(Readable.from(chunked(rows())), createWriteStream(file));
}

function* chunked(lines: Iterable<string>) {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < 64 * 1024) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}
