import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { firmwareInfo, type Sha256 } from '../../shared/model/index.ts';
import { type DataFolder, openDataFolder, systemClock } from '../data/index.ts';
import { createFirmwareStore, createSigners, type FirmwareStore, type Signers } from './index.ts';

let dataDir: string;
let folder: DataFolder;
let store: FirmwareStore;
let signers: Signers;
let changes: number;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-firmware-'));
  folder = openDataFolder(dataDir);
  changes = 0;
  signers = createSigners(folder.database, () => undefined);
  store = createFirmwareStore(folder.database, folder.firmwareDir, systemClock, signers, () => {
    changes += 1;
  });
});
afterEach(() => {
  folder.close();
  rmSync(dataDir, { recursive: true });
});

const info = (given: object = {}) => firmwareInfo.parse({ fileName: 'fw.bin', ...given });
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const filesInStore = () =>
  readdirSync(folder.firmwareDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const failsWith = (code: string) => expect.objectContaining({ code });

async function* chunks(...parts: Buffer[]) {
  yield* parts;
}

it('keeps the bytes under their hash', async () => {
  const parts = [Buffer.alloc(100_000, 1), Buffer.from('end')];
  const added = await store.add(chunks(...parts), info({ version: '1.0', models: ['R1'] }));
  const whole = Buffer.concat(parts);
  expect(added).toMatchObject({ sha256: sha256Of(whole), sizeBytes: whole.length, version: '1.0', models: ['R1'] });
  expect(readFileSync(store.path(added.sha256)).equals(whole)).toBe(true);
  expect(changes).toBe(1);
});

it('keeps the same bytes once, as they were described, by whichever way they come again', async () => {
  const bytes = Buffer.from('same');
  const first = await store.add(chunks(bytes), info({ version: '1', models: ['R1'], notes: 'night shift' }));
  const again = join(dataDir, 'copy-2.bin');
  writeFileSync(again, bytes);
  expect(await store.add(chunks(bytes), info({ fileName: 'other.bin', version: '2' }))).toEqual(first);
  expect(await store.addPath(again, { version: '3', models: [], notes: '' })).toEqual(first);
  expect(store.list()).toEqual([first]);
  expect(filesInStore()).toHaveLength(1);
});

it('changes only what is said of a firmware', async () => {
  const { sha256 } = await store.add(chunks(Buffer.from('x')), info({ version: '1', notes: 'first' }));
  expect(store.describe(sha256, { version: '2' })).toMatchObject({ version: '2', notes: 'first', fileName: 'fw.bin' });
  expect(store.get(sha256).version).toBe('2');
});

it('leaves nothing of a stream that broke off', async () => {
  async function* broken() {
    yield Buffer.from('half');
    throw new Error('cut');
  }
  await expect(store.add(broken(), info())).rejects.toThrowError('cut');
  expect(filesInStore()).toEqual([]);
  expect(store.list()).toEqual([]);
});

it('removes what a killed process left half copied, when it opens', async () => {
  const { sha256 } = await store.add(chunks(Buffer.from('whole')), info());
  writeFileSync(join(folder.firmwareDir, '.incoming-0'), 'half');
  store = createFirmwareStore(folder.database, folder.firmwareDir, systemClock, signers, () => {});
  expect(filesInStore().map(({ name }) => name)).toEqual([sha256]);
});

it.each([
  ['missing', /is missing from the library; add the original/, (path: string) => rmSync(path)],
  ['damaged', /was damaged in the library; add the original/, (path: string) => truncateSync(path, 3)],
] as const)('says that a stored file is %s, and takes the original again', async (_, said, harm) => {
  const original = join(dataDir, 'fw-1.bin');
  writeFileSync(original, 'original');
  const { sha256 } = await store.addPath(original, { version: '1' });
  harm(store.path(sha256));
  expect(() => store.path(sha256)).toThrowError(failsWith('FIRMWARE_NOT_FOUND'));
  expect(() => store.path(sha256)).toThrowError(said);
  await store.addPath(original, { version: '1' });
  expect(readFileSync(store.path(sha256), 'utf8')).toBe('original');
});

it('writes a stored file anew that has other bytes by now', async () => {
  const original = join(dataDir, 'fw-1.bin');
  writeFileSync(original, 'original');
  const { sha256 } = await store.addPath(original, {});
  writeFileSync(store.path(sha256), 'OriginaL');
  await store.addPath(original, {});
  expect(readFileSync(store.path(sha256), 'utf8')).toBe('original');
});

it('does not copy a file again that it holds whole', async () => {
  const original = join(dataDir, 'fw-1.bin');
  writeFileSync(original, 'original');
  const { sha256 } = await store.addPath(original, {});
  const inode = () => statSync(store.path(sha256)).ino;
  const before = inode();
  await store.addPath(original, {});
  expect(inode()).toBe(before);
});

it('leaves nothing of a file whose adding was cancelled', async () => {
  const original = join(dataDir, 'fw-1.bin');
  writeFileSync(original, Buffer.alloc(64 * 1024 * 1024));
  const cancel = new AbortController();
  const adding = store.addPath(original, {}, cancel.signal);
  // The copy begins beside the files that are whole.
  while (filesInStore().length === 0) await setImmediate();
  cancel.abort();
  await expect(adding).rejects.toThrowError(failsWith('CANCELLED'));
  expect(filesInStore()).toEqual([]);
  expect(store.list()).toEqual([]);
});

it('takes nothing that has come in after the data folder was closed', async () => {
  async function* late() {
    yield Buffer.from('late');
    folder.database.close();
  }
  await expect(store.add(late(), info())).rejects.toThrowError(failsWith('CANCELLED'));
});

it('refuses what is no firmware file', async () => {
  const empty = join(dataDir, 'empty.bin');
  writeFileSync(empty, '');
  for (const path of [empty, dataDir, join(dataDir, 'nothing')]) {
    await expect(store.addPath(path, {})).rejects.toThrowError(failsWith('INVALID_INPUT'));
  }
  expect(filesInStore()).toEqual([]);
});

it('copies, so that the original may change afterwards', async () => {
  const original = join(dataDir, 'fw-1.bin');
  writeFileSync(original, 'original');
  const added = await store.addPath(original, { version: '1' });
  truncateSync(original);
  expect(readFileSync(store.path(added.sha256), 'utf8')).toBe('original');
  expect(added.fileName).toBe('fw-1.bin');
});

it('removes a file no update needs', async () => {
  const { sha256 } = await store.add(chunks(Buffer.from('x')), info());
  folder.database.exec(
    `INSERT INTO updates (id, name, request, state, created_at) VALUES ('u', 'night', '{}', 'interrupted', '');
     INSERT INTO update_firmware VALUES ('u', 0, '${sha256}', 'fw.bin', '', 1, NULL);
     INSERT INTO device_updates (update_id, device_id, device_name, address, state, bytes_total)
     VALUES ('u', 'd', 'd', 'd.example', 'staged', 1)`,
  );
  for (const state of ['interrupted', 'paused', 'scheduled', 'completed']) {
    folder.database.prepare('UPDATE updates SET state = ?').run(state);
    await expect(store.remove(sha256)).rejects.toThrowError(/"night" still needs/);
  }
  folder.database.exec("UPDATE device_updates SET state = 'succeeded'");
  await store.remove(sha256);
  expect(filesInStore()).toEqual([]);
  expect(() => store.get(sha256)).toThrowError(failsWith('FIRMWARE_NOT_FOUND'));
  await expect(store.remove('0'.repeat(64) as Sha256)).rejects.toThrowError(failsWith('FIRMWARE_NOT_FOUND'));
});

it('never lists a file that was removed while it was added again', async () => {
  const { sha256 } = await store.add(chunks(Buffer.from('x')), info());
  const path = store.path(sha256);
  const before = statSync(path).ino;
  const again = store.add(chunks(Buffer.from('x')), info());
  while (statSync(path).ino === before) await setImmediate();
  await Promise.all([again, store.remove(sha256)]);
  expect(store.list()).toHaveLength(filesInStore().length);
});
