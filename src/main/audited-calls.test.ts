import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isContractProcedure } from '@orpc/contract';
import { expect, it, onTestFinished } from 'vitest';
import { contract } from '../shared/contract/index.ts';
import { firmwareInfo } from '../shared/model/index.ts';
import { createApp } from './app.ts';
import { auditEntryOf, auditedCalls } from './audited-calls.ts';

/** Each call of the contract by its path, with how it is asked for over HTTP. */
const calls = Object.entries(contract).flatMap(([part, of]) =>
  Object.entries(of).map(([call, procedure]) => {
    if (!isContractProcedure(procedure)) throw new Error(`${part}.${call} is no procedure`);
    return { name: `${part}.${call}`, method: procedure['~orpc'].route.method };
  }),
);
const onRecord = new Map<string, unknown>(
  Object.entries(auditedCalls).flatMap(([part, of]) =>
    Object.entries(of).map(([call, said]) => [`${part}.${call}`, said] as const),
  ),
);

it('says of every call of the contract whether it goes on record', () => {
  expect([...onRecord.keys()].sort()).toEqual(calls.map(({ name }) => name).sort());
});

it('takes for changing nothing what only asks, besides a few that are named here', () => {
  const harmless = calls.filter(({ name, method }) => method !== 'GET' && onRecord.get(name) === 'changes nothing');
  expect(harmless.map(({ name }) => name).sort()).toEqual(
    [
      ...['audit.list', 'audit.verify', 'tasks.cancel', 'updates.forecast', 'schedules.preview', 'sites.readHolidays'],
      ...['devices.check', 'devices.discover', 'devices.export', 'devices.facets', 'devices.list'],
      'hosts.scan',
    ].sort(),
  );
  const asking = calls.filter(({ method }) => method === 'GET');
  expect(new Set(asking.map(({ name }) => onRecord.get(name)))).toEqual(new Set(['changes nothing']));
});

async function openApp() {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-audited-'));
  const app = await createApp({ dataDir: join(dir, 'data') });
  onTestFinished(async () => {
    await app.close();
    rmSync(dir, { recursive: true });
  });
  const client = app.client('terminal');
  const said = async () =>
    (await client.audit.list({})).entries.map((entry) => `${entry.subject} ${entry.action}: ${entry.detail}`);
  return { app, client, dir, said };
}

it('puts on record what is set, and what comes into the library and leaves it, at whichever door', async () => {
  const { app, client, dir, said } = await openApp();
  await client.recovery.set({ interrupted: 'resume' });
  await client.presence.set({ intervalMs: 60_000 });
  await client.presence.set({ intervalMs: null });
  const path = join(dir, 'fw-1.0.bin');
  writeFileSync(path, 'firmware');
  const { sha256 } = await client.firmware.addPath({ path, info: { version: '1.0' } });
  await client.firmware.describe({ sha256, changes: { notes: 'for the roof' } });
  await client.firmware.remove({ sha256 });
  async function* bytes() {
    yield Buffer.from('other');
  }
  await app.addFirmware(bytes(), firmwareInfo.parse({ fileName: 'other.bin' }), 'lan');
  expect(await said()).toEqual([
    ...['recovery set: resume', 'presence set: every 60 s', 'presence set: off'],
    ...['firmware added: fw-1.0.bin, version 1.0', 'firmware changed: notes', 'firmware removed: null'],
    'firmware added: other.bin',
  ]);
  expect((await client.audit.list({})).entries.at(-1)).toMatchObject({ actor: 'lan' });
});

it('puts on record a host key once, whether a push accepts it or a person trusts it', async () => {
  const { client, dir } = await openApp();
  await client.bench.simulate({ devices: 2 });
  const { devices } = await client.devices.list({});
  const [one, other] = devices.map(({ id }) => id);
  if (!one || !other) return expect.fail('there are no devices');
  const { fingerprint } = await client.hosts.trust({ id: one });
  const path = join(dir, 'fw.bin');
  writeFileSync(path, 'firmware');
  const { sha256 } = await client.firmware.addPath({ path, info: { version: '9' } });
  const { updateId } = await client.updates.push({ firmware: sha256, selection: { ids: [one, other] } });
  for await (const _ of await client.updates.watch({ updateId }));
  const { entries } = await client.audit.list({});
  const ofHosts = entries.filter(({ subject }) => subject === 'host');
  expect(ofHosts.map(({ action, detail }) => [action, detail])).toEqual([
    ['trusted', fingerprint],
    ['accepted', expect.stringMatching(/^SHA256:/)],
  ]);
  const { hosts } = await client.hosts.list();
  expect(hosts.map((known) => known.fingerprint)).toEqual(ofHosts.map(({ detail }) => detail));
});

it('says which shared registry was chosen, without its login', () => {
  const url = 'postgres://bench:hunter2@192.0.2.5:5433/pushrod';
  expect(auditEntryOf(['registry', 'use'], { url }, {})).toMatchObject({ detail: '192.0.2.5:5433/pushrod' });
});

it('says which login was added, and nothing of its secret', () => {
  const input = { name: 'roof', username: 'root', secret: { kind: 'password', password: 'hunter2' } };
  const output = { name: 'roof', username: 'root', kind: 'password', fingerprint: null, createdAt: '' };
  expect(auditEntryOf(['credentials', 'add'], input, output)).toEqual({
    ...{ subject: 'credential', subjectId: 'roof', action: 'added', detail: 'password of root' },
  });
});

it('says of a profile only that it was set: its headers may hold a token', () => {
  const input = { name: 'web', profile: { http: { headers: { 'x-token': 'hunter2' } } } };
  expect(JSON.stringify(auditEntryOf(['profiles', 'set'], input, input))).not.toContain('hunter2');
});

it('names the devices of a long list only at its start', () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => `gw-${index}`);
  const entry = auditEntryOf(['devices', 'remove'], { selection: { ids } }, { removed: ids.length });
  expect(entry?.detail).toMatch(/^100000 devices: gw-0, gw-1, .*, gw-99 and 99900 more$/);
});

it.each([
  ['a list that is only looked at', ['devices', 'list'], {}, {}],
  ['an import that only checks', ['devices', 'import'], { dryRun: true }, { added: 1, updated: 0, skipped: 0 }],
])('puts nothing on record of %s', (_, path, input, output) => {
  expect(auditEntryOf(path, input, output)).toBeUndefined();
});
