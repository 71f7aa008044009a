import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { cliJson, runCli, setProfile, temporaryDir } from '../../test/harness/index.ts';
import type { AuditEntry } from '../shared/model/index.ts';

const dir = temporaryDir();
const dataDir = join(dir, 'data');
const said = async (...flags: string[]) =>
  (await cliJson<{ entries: AuditEntry[] }>(dataDir, ['updates', 'audit', ...flags])).entries;

it('puts on record what people do, by whom, without secrets, and finds what was tampered with', async () => {
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', 'root', '--password-stdin'], 'hunter2');
  await setProfile(dataDir, 'roof', { remotePath: '/srv/fw' });
  await cliJson(dataDir, ['devices', 'add', '--id', 'gw', '--name', 'gateway', '--address', '192.0.2.1']);
  await cliJson(dataDir, ['devices', 'update', 'gw', '--location', 'Roof']);
  await cliJson(dataDir, ['devices', 'import', '-', '--dry-run'], 'name,address\nb,192.0.2.2\n');
  expect((await runCli(dataDir, ['profiles', 'remove', 'nope'])).code).toBe(4);
  const { at } = (await said()).at(-1) ?? expect.fail('nothing is on record');
  await cliJson(dataDir, ['devices', 'remove', 'gw', '--yes']);
  await cliJson(dataDir, ['credentials', 'remove', 'bench']);

  const entries = await said();
  expect(entries.map(({ subject, subjectId, action, detail }) => [subject, subjectId, action, detail])).toEqual([
    ['credential', 'bench', 'added', 'password of root'],
    ['profile', 'roof', 'set', null],
    ['device', 'gw', 'added', 'gateway at 192.0.2.1'],
    ['device', 'gw', 'changed', 'location'],
    ['device', null, 'removed', '1 device: gw'],
    ['credential', 'bench', 'removed', null],
  ]);
  expect(new Set(entries.map(({ actor }) => actor))).toEqual(new Set([expect.stringMatching(/^.+ \(terminal\)$/)]));
  expect(JSON.stringify(entries)).not.toContain('hunter2');
  expect((await said('--since', at)).map(({ id }) => id)).toEqual([4, 5, 6]);
  expect(await runCli(dataDir, ['updates', 'audit', '--since', 'yesterday'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--since'),
  });

  expect(await runCli(dataDir, ['updates', 'audit', '--verify'])).toMatchObject({
    code: 0,
    stdout: `The audit log is whole: 6 entries, of which the last has the hash ${entries.at(-1)?.hash}.\n`,
  });
  const database = new Sqlite(join(dataDir, 'pushrod.db'));
  database.exec("DROP TRIGGER audit_log_changes_no_row; UPDATE audit_log SET actor = 'eve' WHERE id = 5");
  database.close();
  expect(await runCli(dataDir, ['updates', 'audit', '--verify'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('entry 5 is missing or is not what was recorded'),
  });
  const { code, stdout } = await runCli(dataDir, ['updates', 'audit', '--verify', '--json']);
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 1, entries: 6, isWhole: false, firstBadId: 5 });
}, 120_000);
