import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Device, newDevice, pushRequest, type UpdateId } from '../../shared/model/index.ts';
import { type Audit, createAudit } from '../audit/index.ts';
import { type DataFolder, openDataFolder, systemClock } from '../data/index.ts';
import { createJournal, type Journal } from './journal.ts';
import { createRecorder } from './recorder.ts';

const id = 'u1' as UpdateId;
const steps = ['connecting', 'preflight', 'transferring', 'verifying', 'succeeded'] as const;
let dataDir: string;
let folder: DataFolder;
let audit: Audit;
let journal: Journal;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-recorder-'));
  folder = openDataFolder(dataDir);
  audit = createAudit(folder.database, systemClock);
  journal = createJournal(folder.database, audit, systemClock);
  const request = pushRequest.parse({ firmware: 'a'.repeat(64), selection: { all: true } });
  const devices = Array.from({ length: 700 }, (_, position) => {
    const device = newDevice.parse({ id: `d${position}`, name: `d${position}`, address: 'd.example' }) as Device;
    return { device, phase: 0, position };
  });
  journal.create({ id, request, firmware: [], devices, state: 'running', actor: 'me' });
});
afterEach(async () => {
  await journal.close();
  folder.close();
  rmSync(dataDir, { recursive: true });
});

it('chains the steps of many devices with what the main thread appends meanwhile', async () => {
  let isOver = false;
  const everyStep = journal.devices(id).map(async (device) => {
    for (const state of steps) await journal.recordDevice(id, { ...device, state });
  });
  const all = Promise.all(everyStep).finally(() => {
    isOver = true;
  });
  let others = 0;
  while (!isOver) {
    audit.record((append) => append({ actor: 'me', subject: 'limits', action: 'set' }));
    others += 1;
    await pause(1);
  }
  await all;
  expect(journal.update(id).counts).toEqual({ succeeded: 700 });
  expect(await audit.verify()).toMatchObject({ isWhole: true, entries: 1 + 700 * steps.length + others });
  const ofOne = audit.list({ after: 0, limit: 10_000, updateId: id }).filter(({ subjectId }) => subjectId === 'd7');
  expect(ofOne.map(({ action }) => action)).toEqual(steps);
});

it('has all on record, in order, before it closes', async () => {
  const [device = expect.fail('no device')] = journal.devices(id);
  for (const state of steps) void journal.recordDevice(id, { ...device, state });
  await journal.close();
  expect(journal.devices(id)[0]?.state).toBe('succeeded');
});

it('fails what cannot be recorded, and what comes after it', async () => {
  const recorder = createRecorder(join(dataDir, 'missing.db'));
  const output = {
    deviceId: 'd0',
    attempt: 1,
    step: 'preflight',
    command: 'true',
    exitCode: 0,
    output: '',
    at: '',
  } as never;
  for (const _ of [1, 2]) {
    await expect(recorder.put({ type: 'output', updateId: id, output })).rejects.toMatchObject({ code: 'INTERNAL' });
  }
  await recorder.close();
});
