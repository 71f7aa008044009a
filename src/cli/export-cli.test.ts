import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createReadStream, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, it } from 'vitest';
import { cliJson, runCli, spawnCli, temporaryDir } from '../../test/harness/index.ts';

const dir = temporaryDir();
const dataDir = join(dir, 'data');
const rows = 20_000;

beforeAll(async () => {
  const lines = Array.from({ length: rows }, (_, index) => `device-${index},192.0.2.1:${index + 1}`);
  await cliJson(dataDir, ['devices', 'import', '-'], `name,address\n${lines.join('\n')}\n`);
});

const linesOf = (list: string) => list.trimEnd().split('\n').length;

it('a list ends quietly when its reader leaves', async () => {
  const { child, ended } = spawnCli(dataDir, ['devices', 'export', '-']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

it('a list takes the place of what a link leads to, and keeps its rights', async () => {
  const target = join(dir, 'target.csv');
  writeFileSync(target, 'old');
  chmodSync(target, 0o600);
  const link = join(dir, 'link.csv');
  symlinkSync('target.csv', link);
  const dangling = join(dir, 'dangling.csv');
  symlinkSync('new.csv', dangling);
  for (const file of [link, dangling]) await cliJson(dataDir, ['devices', 'export', file]);
  expect([link, dangling].map((file) => lstatSync(file).isSymbolicLink())).toEqual([true, true]);
  expect(linesOf(readFileSync(target, 'utf8'))).toBe(rows + 1);
  expect(linesOf(readFileSync(join(dir, 'new.csv'), 'utf8'))).toBe(rows + 1);
  expect(lstatSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

it('a list goes into a pipe, and does not wait for ever for its reader', async () => {
  const fifo = join(dir, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const waiting = spawnCli(dataDir, ['devices', 'export', fifo, '--format', 'csv']);
  const [read, { code }] = await Promise.all([text(createReadStream(fifo)), waiting.ended]);
  expect({ code, lines: linesOf(read) }).toEqual({ code: 0, lines: rows + 1 });
  expect(lstatSync(fifo).isFIFO()).toBe(true);
  const left = spawnCli(dataDir, ['devices', 'export', fifo, '--format', 'csv']);
  const reader = createReadStream(fifo);
  await once(reader, 'data');
  reader.destroy();
  expect((await left.ended).code).toBe(0);
  expect((await runCli(dataDir, ['devices', 'export', '/dev/null', '--format', 'csv'])).code).toBe(0);
});
