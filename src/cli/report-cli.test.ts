import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cliJson, push, runCli, setProfile, temporaryDir } from '../../test/harness/index.ts';
import { benchCsv, type Simulator, startSimulator } from '../simulator/index.ts';

interface ReportJson {
  startedBy: string;
  update: { firmware: { sha256: string }[] };
  totals: object;
  bytesSent: number;
  devices: { name: string; outputs: object[]; steps: { state: string }[] }[];
  audit: { hash: string };
}

const dir = temporaryDir();
const dataDir = join(dir, 'data');
let bench: Simulator;
beforeAll(async () => {
  bench = await startSimulator({ devices: 2 });
});
afterAll(() => bench.close());

it('reports on a push: its devices, steps, figures and what the commands said', async () => {
  const { username, password } = bench.credential;
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', username, '--password-stdin'], password);
  const remotePath = '/srv/{firmware.fileName}';
  await setProfile(dataDir, 'well', { remotePath, activateCommand: 'echo now {firmware.version}' });
  await setProfile(dataDir, 'ill', { remotePath, verifyCommand: 'false' });
  await cliJson(dataDir, ['profiles', 'default', 'well']);
  await cliJson(dataDir, ['devices', 'import', '-'], benchCsv(bench));
  const { devices } = await cliJson<{ devices: { id: string; name: string }[] }>(dataDir, ['devices', 'list']);
  const [well, ill] = devices as [(typeof devices)[0], (typeof devices)[0]];
  await cliJson(dataDir, ['devices', 'update', ill.id, '--profile', 'ill']);
  const firmware = join(dir, 'fw.bin');
  writeFileSync(firmware, 'firmware');
  const { summary } = await push(dataDir, ['--firmware', firmware, '--version', '<2.0>', '--allow-downgrade', '--all']);
  const id = summary.updateId;

  const report = await cliJson<ReportJson>(dataDir, ['updates', 'report', id, '--format', 'json']);
  const { succeeded, failed } = summary;
  const bytesSent = summary.devices.reduce((sum, device) => sum + device.bytesSent, 0);
  expect({ succeeded, failed }).toEqual({ succeeded: 1, failed: 1 });
  expect(report).toMatchObject({
    ...{ startedBy: expect.stringContaining('(terminal)'), bytesSent },
    totals: { devices: 2, succeeded, failed, skipped: 0, cancelled: 0, unfinished: 0 },
    update: { firmware: [{ fileName: 'fw.bin', version: '<2.0>', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }] },
  });
  const found = (name: string) => report.devices.find((device) => device.name === name) ?? expect.fail(`no ${name}`);
  expect(found(well.name)).toMatchObject({ state: 'succeeded', attempts: 1, errorCode: null });
  expect(found(well.name).steps.map(({ state }) => state)).toEqual([
    ...['connecting', 'preflight', 'transferring', 'verifying', 'activating', 'succeeded'],
  ]);
  expect(found(well.name).outputs).toMatchObject([{ step: 'activating', exitCode: 0, output: 'now <2.0>' }]);
  expect(found(ill.name)).toMatchObject({ state: 'failed', errorCode: 'VERIFY_FAILED' });

  const page = await runCli(dataDir, ['updates', 'report', id, '--format', 'html']);
  expect(page).toMatchObject({ code: 0, stdout: expect.stringMatching(/^<!doctype html>/) });
  expect(page.stdout).toContain('<pre>now &lt;2.0&gt;</pre>');
  expect(page.stdout).toContain(report.audit.hash);

  const out = join(dir, 'report.csv');
  const written = await cliJson(dataDir, ['updates', 'report', id, '--format', 'csv', '--out', out]);
  const csv = readFileSync(out, 'utf8');
  expect(written).toEqual({ file: out, characters: csv.length });
  expect(csv.trim().split('\n')).toHaveLength(3);

  const nowhere = await runCli(dataDir, [
    'updates',
    'report',
    id,
    '--format',
    'csv',
    '--out',
    join(dir, 'no', 'x.csv'),
  ]);
  expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') });
  expect((await runCli(dataDir, ['updates', 'report', 'nope', '--format', 'html'])).code).toBe(4);
  expect((await runCli(dataDir, ['updates', 'report', id])).code).toBe(2);
  expect((await runCli(dataDir, ['updates', 'audit', '--verify'])).code).toBe(0);
}, 180_000);
