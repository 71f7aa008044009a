import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryDir } from '../../../../test/harness/index.ts';

const dir = temporaryDir();
const program = join(import.meta.dirname, 'crash-program.ts');
const moments = 50;

/** Started ahead, so that its start is not waited for. */
const startProgram = () => spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
let next = startProgram();
afterAll(() => next.kill());

/** Imports a list, and is killed so many milliseconds after it began. */
async function runImport(file: string, list: string, killAfterMs?: number): Promise<{ ms: number; killed: boolean }> {
  const child = next;
  next = startProgram();
  const closed = once(child, 'close');
  child.stdin.end(`${file} ${list}\n`);
  await once(child.stdout, 'data');
  const begunAtMs = performance.now();
  if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [code, signal] = await closed;
  if (killAfterMs === undefined) expect(code).toBe(0);
  return { ms: performance.now() - begunAtMs, killed: signal === 'SIGKILL' };
}

function writeList(name: string, from: number, count: number, model: string): string {
  const path = join(dir, name);
  const rows = Array.from({ length: count }, (_, index) => {
    const n = from + index;
    return `d${n},device ${n},192.0.2.1,Hall ${n % 9},${model},${n % 40}`;
  });
  writeFileSync(path, `id,name,address,location,model,tag:rack\n${rows.join('\n')}\n`);
  return path;
}

/** How many devices of each model there are, after every page, index and count was checked. */
function modelsOf(file: string): Record<string, number> {
  const database = new Sqlite(file);
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.exec("INSERT INTO device_search (device_search) VALUES ('integrity-check')");
    const count = (sql: string) => database.prepare<[], number>(sql).pluck().get();
    const all = count('SELECT count(*) FROM devices');
    expect(count('SELECT count(*) FROM device_texts')).toBe(all);
    expect(count("SELECT count(*) FROM device_tags WHERE key = 'rack'")).toBe(all);
    expect(count("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")).toBe(9);
    const counted = database
      .prepare<[], { model: string; count: number }>('SELECT model, count(*) AS count FROM devices GROUP BY model')
      .all();
    for (const facet of ['status', 'location', 'model']) {
      expect(count(`SELECT sum(count) FROM facet_counts WHERE facet = '${facet}'`)).toBe(all);
    }
    return Object.fromEntries(counted.map(({ model, count }) => [model, count]));
  } finally {
    database.close();
  }
}

describe('an import that is killed', () => {
  const file = join(dir, 'registry.db');
  const begin = (sample: string) => {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
    copyFileSync(sample, file);
  };

  it.each([
    ['into a registry of a few', 200],
    ['on top of many', 6_000],
  ])(
    `at any of ${moments / 2} random moments, %s, leaves all as before or all imported`,
    async (_, present) => {
      const sample = join(dir, `sample-${present}.db`);
      await runImport(sample, writeList('first.csv', 0, present, 'old'));
      const list = writeList('second.csv', present / 2, 8_000, 'new');
      const before = { old: present };
      const after = { old: present / 2, new: 8_000 };
      begin(sample);
      const { ms } = await runImport(file, list);
      expect(modelsOf(file)).toEqual(after);
      let killed = 0;
      for (let index = 0; index < moments / 2; index += 1) {
        begin(sample);
        if ((await runImport(file, list, ((index + Math.random()) / (moments / 2)) * ms)).killed) killed += 1;
        expect([before, after]).toContainEqual(modelsOf(file));
      }
      expect(killed).toBeGreaterThan(0);
    },
    240_000,
  );
});
