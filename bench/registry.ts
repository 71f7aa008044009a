import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Client } from 'pg';
import { type Devices, openRegistry, type RegistryPlace } from '../src/main/registry/index.ts';
import { importOptions } from '../src/shared/model/index.ts';
import { startPostgres } from '../test/harness/postgres.ts';
import { writeFleet } from './registry-fleet.ts';
import { queriesOn } from './registry-queries.ts';
import { record } from './results.ts';

const sizes = (process.env.SIZES ?? '10000,100000,1000000').split(',').map(Number);
const rounds = 200;
/** A query that takes longer than this a time is asked fewer times. */
const longestMs = 3_000;
const entry = new URL('../src/main/registry/worker/thread.ts', import.meta.url);

interface Measured {
  rowsPerSecond: number;
  bytesPerDevice: number;
  loopP99Ms: number;
  exportRowsPerSecond: number;
  /** Milliseconds at the 50th and 99th percentile, by query. */
  queries: Map<string, [p50: number, p99: number]>;
}

/** The registry at 10k, 100k and a million devices, in SQLite and in PostgreSQL, asked as the core asks it. */
export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-bench-'));
  const postgres = await startPostgres();
  try {
    const found = new Map<string, Measured>();
    for (const size of sizes) {
      const list = join(dir, `fleet-${size}.csv`);
      await writeFleet(list, size);
      const file = join(dir, `registry-${size}.db`);
      const place: RegistryPlace = { kind: 'local', file, backupDir: join(dir, 'backups') };
      found.set(`SQLite ${size}`, await measure(place, list, size, () => statSync(file).size));
      const url = await postgres.createDatabase();
      const shared: RegistryPlace = { kind: 'shared', url, benchName: 'bench' };
      found.set(`PostgreSQL ${size}`, await measure(shared, list, size, () => databaseSize(url)));
    }
    record('registry', tableOf(found));
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true });
  }
}

async function measure(
  place: RegistryPlace,
  list: string,
  size: number,
  sizeBytes: () => number | Promise<number>,
): Promise<Measured> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const devices = await openRegistry({ place, entry, onChange: () => undefined });
  loop.enable();
  const importMs = await timed(() => devices.import({ path: list }, importOptions.parse({ format: 'csv' })));
  const exportMs = await timed(async () => {
    for await (const _ of devices.export('csv', { all: true }));
  });
  loop.disable();
  const queries = new Map<string, [number, number]>();
  for (const { name, ask } of queriesOn(size)) queries.set(name, await percentiles(devices, ask));
  await devices.close();
  return {
    rowsPerSecond: (size / importMs) * 1_000,
    exportRowsPerSecond: (size / exportMs) * 1_000,
    bytesPerDevice: (await sizeBytes()) / size,
    loopP99Ms: loop.percentile(99) / 1e6,
    queries,
  };
}

async function percentiles(
  devices: Devices,
  ask: (devices: Devices, round: number) => Promise<unknown>,
): Promise<[number, number]> {
  const took: number[] = [];
  const endAtMs = performance.now() + longestMs;
  await ask(devices, rounds);
  for (let round = 0; round < rounds && performance.now() < endAtMs; round += 1) {
    took.push(await timed(() => ask(devices, round)));
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
  return [at(0.5), at(0.99)];
}

async function databaseSize(url: string): Promise<number> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query<{ size: string }>('SELECT pg_database_size(current_database()) AS size');
  await client.end();
  return Number(rows[0]?.size);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function tableOf(found: Map<string, Measured>): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const all = [...found.values()];
  const number = (value: number) => Math.round(value).toLocaleString('en');
  const names = [...(all[0]?.queries.keys() ?? [])];
  return [
    `A CSV list imported into an empty registry (indexes and text search included), then pages of 100 with exact totals;`,
    `through the registry's thread, as the core asks. Queries: p50 / p99 in ms of ${rounds} rounds, each for something else.`,
    '',
    line(['', ...found.keys()]),
    line(['---', ...all.map(() => '--:')]),
    line(['import, devices/s', ...all.map(({ rowsPerSecond }) => number(rowsPerSecond))]),
    line(['export, devices/s', ...all.map(({ exportRowsPerSecond }) => number(exportRowsPerSecond))]),
    line(['bytes a device', ...all.map(({ bytesPerDevice }) => number(bytesPerDevice))]),
    line(['main thread delay p99 meanwhile, ms', ...all.map(({ loopP99Ms }) => loopP99Ms.toFixed(1))]),
    ...names.map((name) =>
      line([
        name,
        ...all.map(({ queries }) => (queries.get(name) ?? []).map((ms) => ms.toFixed(ms < 10 ? 2 : 0)).join(' / ')),
      ]),
    ),
  ];
}
