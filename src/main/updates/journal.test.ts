import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Device, newDevice, pushRequest, type UpdateId } from '../../shared/model/index.ts';
import { createAudit } from '../audit/index.ts';
import { openDataFolder, systemClock } from '../data/index.ts';
import { createJournal } from './journal.ts';

it('refuses a way that there is not, and keeps the transitions of the same moment', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pushrod-journal-'));
  const folder = openDataFolder(dataDir);
  onTestFinished(() => {
    folder.close();
    rmSync(dataDir, { recursive: true });
  });
  const journal = createJournal(folder.database, createAudit(folder.database, systemClock), systemClock);
  onTestFinished(() => journal.close());
  const id = 'u1' as UpdateId;
  const request = pushRequest.parse({ firmware: 'a'.repeat(64), selection: { all: true } });
  const devices = ['a', 'b'].map((name, position) => ({
    device: newDevice.parse({ id: name, name, address: `${name}.example` }) as Device,
    ...{ phase: 0, position },
  }));
  journal.create({ id, request, firmware: [], devices, state: 'running', actor: 'me' });
  const [a, b] = journal.devices(id);
  if (!a || !b) return expect.fail('the devices are missing');
  const settled = await Promise.allSettled([
    journal.recordDevice(id, { ...a, state: 'connecting' }),
    journal.recordDevice(id, { ...b, state: 'activating' }),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(journal.devices(id).map(({ state }) => state)).toEqual(['connecting', 'pending']);
});
