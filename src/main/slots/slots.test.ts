import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, temporaryDir } from '../../../test/harness/index.ts';
import { type DeviceId, profile, pushRequest, type SlotStatus, slot, type UpdateId } from '../../shared/model/index.ts';
import { type Board, boardLogin, installsFile, startBoard } from '../../simulator/index.ts';
import { createAudit } from '../audit/index.ts';
import { createCredentialStore, createSecretBox } from '../credentials/index.ts';
import { openDataFolder, systemClock } from '../data/index.ts';
import { createWorkerDelivery } from '../delivery/index.ts';
import { createFirmwareStore, createSigners } from '../firmware/index.ts';
import { createKnownHosts } from '../hosts/index.ts';
import { createProfileStore } from '../profiles/index.ts';
import { openRegistry } from '../registry/index.ts';
import { createSites } from '../sites/index.ts';
import { createUpdates } from '../updates/index.ts';
import { createSlots } from './index.ts';

const dir = temporaryDir();
let runs = 0;
let parts: Awaited<ReturnType<typeof open>>;
let port: number;
let beforePush: () => Promise<void>;
const plugged = new Set<Board>();

/** The parts that a slot works with, in front of simulated boards. `beforePush` runs between identification and push. */
async function open() {
  const folder = openDataFolder(join(dir, `data-${++runs}`));
  const { database } = folder;
  const place = { kind: 'local' as const, file: folder.registryFile, backupDir: folder.backupDir };
  const entry = new URL('../registry/worker/thread.ts', import.meta.url);
  const devices = await openRegistry({ place, entry, onChange: () => undefined });
  const audit = createAudit(database, systemClock);
  const firmware = createFirmwareStore(
    database,
    folder.firmwareDir,
    systemClock,
    createSigners(database, () => undefined),
    () => undefined,
  );
  const profiles = createProfileStore(database);
  const credentials = createCredentialStore(database, createSecretBox(folder.secretKeyFile, undefined), systemClock);
  const hosts = createKnownHosts(folder.knownHostsFile);
  const certificates = createKnownHosts(folder.knownCertificatesFile);
  const delivery = createWorkerDelivery(new URL('../delivery/worker/thread.ts', import.meta.url));
  const sources = { devices, firmware, profiles, credentials, hosts, certificates, delivery, database, audit };
  const updates = await createUpdates({
    ...{ ...sources, sites: createSites(database, () => undefined), clock: systemClock, random: () => 0 },
    isReachable: async () => true,
    onChange: () => undefined,
  });
  const push: typeof updates.push = async (...asked) => {
    await beforePush();
    return updates.push(...asked);
  };
  const slots = createSlots({ ...sources, updates: { ...updates, push }, betweenLooksMs: 50 });
  const close = async () => {
    await slots.close();
    await updates.close();
    await delivery.close();
    await devices.close();
    folder.close();
  };
  return { ...sources, updates, slots, close };
}

beforeEach(async () => {
  beforePush = async () => undefined;
  parts = await open();
  port = await freePort();
  const { credentials, profiles, firmware, slots } = parts;
  const { username, password } = boardLogin;
  credentials.add({ name: 'factory', username, secret: { kind: 'password', password } });
  const steps = {
    activateCommand: 'firmware-install {remotePath} {firmware.version}',
    versionCommand: 'firmware-version',
  };
  profiles.set('board', profile.parse({ credential: 'factory', remotePath: '/tmp/{firmware.fileName}', ...steps }));
  async function* bytes() {
    yield Buffer.from('firmware of the line');
  }
  const info = { fileName: 'fw.bin', version: '1.0.0', models: [], notes: '' };
  const { sha256 } = await firmware.add(bytes(), info);
  const given = {
    address: `127.0.0.1:${port}`,
    profile: 'board',
    identityCommand: 'cat /etc/serial',
    firmware: [sha256],
  };
  slots.set('left', slot.parse(given));
});
afterEach(async () => {
  await parts.close();
  for (const board of plugged) await unplug(board);
});

async function plug(serial: string, more: { hostKeySeed?: string; password?: string } = {}): Promise<Board> {
  const board = await startBoard({ port, serial, ...more });
  plugged.add(board);
  return board;
}
async function unplug(board: Board): Promise<void> {
  plugged.delete(board);
  await board.close();
}
const installsOf = (board: Board) => {
  const file = join(board.root, installsFile);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
};
/** The first status from now on that is so. */
async function until(isSo: (status: SlotStatus) => boolean): Promise<SlotStatus> {
  for await (const [status] of parts.slots.frames(AbortSignal.timeout(60_000)))
    if (status && isSo(status)) return status;
  return expect.fail('it did not come to that');
}
const untilState = (state: SlotStatus['state'], serial: string | null = null) =>
  until((status) => status.state === state && status.serial === serial);
const keysOf = (name: string) => parts.hosts.list().filter(({ host }) => host === name);

it('flashes three boards one after the other at one address, each once, and counts them', async () => {
  parts.slots.start('left', 'me');
  for (const [index, serial] of ['SN-1', 'SN-2', '00:1b:44:11:3a:b7'].entries()) {
    await untilState('waiting');
    const board = await plug(serial);
    const done = await untilState('done', serial);
    expect(done).toMatchObject({ flashed: index + 1, failed: 0, errorCode: null });
    expect(installsOf(board)).toBe(1);
    await unplug(board);
  }
  const found = await parts.devices.select({ all: true });
  expect(found.map(({ id }) => id)).toEqual(['00-1b-44-11-3a-b7', 'SN-1', 'SN-2']);
  expect(found[0]).toMatchObject({ name: '00:1b:44:11:3a:b7', address: `127.0.0.1:${port}`, profile: 'board' });
  expect(found[0]?.metadata).toEqual({
    serial: '00:1b:44:11:3a:b7',
    slot: 'left',
    hostKeyAlias: 'serial:00-1b-44-11-3a-b7',
  });
  expect(keysOf('serial:sn-1')).toHaveLength(1);
  expect(keysOf(`[127.0.0.1]:${port}`)).toEqual([]);
  expect(parts.updates.list().map(({ state, total }) => [state, total])).toEqual(Array(3).fill(['completed', 1]));
  expect(parts.audit.list({ after: 0, limit: 1_000 })).toContainEqual(
    expect.objectContaining({ subject: 'device', subjectId: 'SN-2', action: 'added', actor: 'me' }),
  );
});

it('does not flash a board twice that is plugged in again', async () => {
  parts.slots.start('left', 'me');
  const first = await plug('SN-1');
  await untilState('done', 'SN-1');
  await unplug(first);
  await untilState('waiting');
  const again = await plug('SN-1');
  expect(await untilState('done', 'SN-1')).toMatchObject({ flashed: 1, message: 'It had its turn already.' });
  expect(installsOf(again)).toBe(0);
  expect(parts.updates.list()).toHaveLength(1);
});

it('stops a board that comes back with another host key, and pushes nothing to it', async () => {
  parts.slots.start('left', 'me');
  const first = await plug('SN-1');
  await untilState('done', 'SN-1');
  await unplug(first);
  await untilState('waiting');
  const forged = await plug('SN-1', { hostKeySeed: 'another' });
  expect(await untilState('failed', 'SN-1')).toMatchObject({ flashed: 1, failed: 1, errorCode: 'HOST_KEY_CHANGED' });
  // The one login that a slot risks with whatever is plugged in.
  expect(forged.passwordsSeen()).toBe(1);
  expect(parts.updates.list()).toHaveLength(1);
  await unplug(forged);
  await untilState('waiting');
  await plug('SN-1');
  expect(await untilState('done', 'SN-1')).toMatchObject({ flashed: 1, failed: 1 });
});

it('notices a board that is swapped between identification and push before a password is sent to it', async () => {
  let swappedIn: Board | undefined;
  beforePush = async () => {
    await unplug(identified);
    swappedIn = await plug('SN-2');
    // So that the one swapped in is not identified in its turn.
    stopped = parts.slots.stop('left');
  };
  let stopped: Promise<void> | undefined;
  const identified = await plug('SN-1');
  parts.slots.start('left', 'me');
  const off = await until(({ state, failed }) => state === 'off' && failed > 0);
  expect(off).toMatchObject({ flashed: 0, failed: 1 });
  await stopped;
  const [update] = parts.updates.list();
  const [ended] = parts.updates.get(update?.id as UpdateId).devices;
  expect(ended).toMatchObject({ deviceId: 'SN-1', state: 'failed', errorCode: 'HOST_KEY_CHANGED' });
  expect(swappedIn?.passwordsSeen()).toBe(0);
});

it('says why a board failed, flashes none again that failed to activate, and goes on with the next one', async () => {
  parts.slots.start('left', 'me');
  const locked = await plug('SN-1', { password: 'changed' });
  expect(await until(({ state }) => state === 'failed')).toMatchObject({
    ...{ serial: null, flashed: 0, failed: 1, errorCode: 'AUTH_FAILED' },
    hint: 'Check the user name and the credential of the profile.',
  });
  await unplug(locked);
  await untilState('waiting');
  const { profiles } = parts;
  const { profile: good } = profiles.get('board');
  profiles.set('board', { ...good, activateCommand: 'false' });
  const broken = await plug('SN-2');
  expect(await untilState('failed', 'SN-2')).toMatchObject({ failed: 2, errorCode: 'ACTIVATE_FAILED' });
  await unplug(broken);
  await untilState('waiting');
  profiles.set('board', good);
  const rebooted = await plug('SN-2');
  expect(await untilState('failed', 'SN-2')).toMatchObject({ failed: 2, errorCode: 'ACTIVATE_FAILED' });
  expect(installsOf(rebooted)).toBe(0);
  await unplug(rebooted);
  await untilState('waiting');
  await plug('SN-3');
  expect(await untilState('done', 'SN-3')).toMatchObject({ flashed: 1, failed: 2 });
});

it('keeps to the key of a board when it is pushed to later, whoever is at the address by then', async () => {
  parts.slots.start('left', 'me');
  const first = await plug('SN-1');
  await untilState('done', 'SN-1');
  await parts.slots.stop('left');
  await unplug(first);
  const other = await plug('SN-2');
  const { firmware } = parts.slots.list()[0] ?? expect.fail('no slot');
  const request = { firmware, selection: { ids: ['SN-1' as DeviceId] }, force: true };
  const id = await parts.updates.push(pushRequest.parse(request), 'me');
  for await (const _ of parts.updates.watch(id, undefined));
  expect(parts.updates.get(id).devices[0]).toMatchObject({ state: 'failed', errorCode: 'HOST_KEY_CHANGED' });
  expect(other.passwordsSeen()).toBe(0);
});

it.each([
  [{ profile: 'http' }, 'INVALID_INPUT', 'identity commands need SSH'],
  [{ profile: 'behind' }, 'INVALID_INPUT', 'jump host'],
  [{ profile: 'nope' }, 'PROFILE_NOT_FOUND', 'nope'],
  [{ firmware: [] }, 'INVALID_INPUT', 'no firmware'],
])('cannot be started with %j', (change, code, words) => {
  parts.profiles.set('behind', profile.parse({ jumpHost: 'gate' }));
  const { name, ...given } = parts.slots.list()[0] ?? expect.fail('no slot');
  parts.slots.set('odd', { ...given, ...change });
  expect(() => parts.slots.start('odd', 'me')).toThrowError(
    expect.objectContaining({ code, message: expect.stringContaining(words) }),
  );
});

it('is changed and removed only while it is stopped, and has its address for itself', async () => {
  const { slots } = parts;
  const { name, ...given } = slots.list()[0] ?? expect.fail('no slot');
  const isConflict = expect.objectContaining({ code: 'CONFLICT' });
  slots.set('right', given);
  slots.start(name, 'me');
  expect(() => slots.set(name, given)).toThrowError(isConflict);
  expect(() => slots.remove(name)).toThrowError(isConflict);
  expect(() => slots.start('right', 'me')).toThrowError(isConflict);
  await slots.stop(name);
  slots.remove(name);
  expect(slots.list().map((one) => one.name)).toEqual(['right']);
  expect(() => slots.start(name, 'me')).toThrowError(expect.objectContaining({ code: 'SLOT_NOT_FOUND' }));
});
