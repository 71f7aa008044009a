import type { App } from '../../src/main/app.ts';
import { profile } from '../../src/shared/model/index.ts';
import { type Board, boardLogin, startBoard } from '../../src/simulator/index.ts';
import { freePort } from '../../test/harness/free-port.ts';
import type { Camera } from './camera.ts';

/** Firmware that is described, a profile, and four slots with a board in three of them. The boards are to be closed. */
export async function setUpViews(app: App): Promise<Board[]> {
  const client = app.client('terminal');
  const { firmware } = await client.firmware.list();
  const notes = 'Signed by the release team; needs bootloader 4.';
  for (const { sha256 } of firmware) await client.firmware.describe({ sha256, changes: { models: ['GW-2'], notes } });
  const { profile: simulated } = await client.profiles.get({ name: 'simulated' });
  await client.profiles.set({ name: 'gateways', profile: { ...simulated, versionCommand: 'firmware-version' } });
  const { devices } = await client.devices.list({ filter: { search: 'gateway' } });
  for (const { id } of devices) await client.devices.update({ id, changes: { profile: 'gateways' } });

  const { username, password } = boardLogin;
  await client.credentials.add({ name: 'factory', username, secret: { kind: 'password', password } });
  const steps = { activateCommand: 'firmware-install {remotePath} {firmware.version}' };
  const board = profile.parse({ credential: 'factory', remotePath: '/tmp/{firmware.fileName}', ...steps });
  await client.profiles.set({ name: 'board', profile: board });
  const slow = { ...board, rateLimitBytesPerSecond: 64 * 1024 };
  await client.profiles.set({ name: 'board-slow', profile: slow });
  const boards: Board[] = [];
  const set = async (name: string, serial: string | undefined, how: string, identityCommand = 'cat /etc/serial') => {
    const port = await freePort();
    const slot = { address: `127.0.0.1:${port}`, profile: how, identityCommand };
    await client.slots.set({ name, slot: { ...slot, firmware: firmware.map(({ sha256 }) => sha256) } });
    if (serial) boards.push(await startBoard({ port, serial }));
    await client.slots.start({ name });
  };
  await set('left', 'SN-20417', 'board');
  await set('middle', 'SN-20418', 'board-slow');
  await set('right', 'SN-20419', 'board', 'cat /etc/nothing');
  await set('spare', undefined, 'board');
  return boards;
}

/** The other places, and what is asked there. */
export async function takeViews({ page, shoot }: Camera): Promise<void> {
  const open = (name: string) => page.getByRole('link', { name, exact: true }).click();
  await open('Firmware');
  await page.getByRole('table', { name: 'Firmware' }).waitFor();
  await shoot('firmware', 'The library of firmware', 'phone');
  await page
    .getByRole('button', { name: /^Change / })
    .first()
    .click();
  await shoot('firmware-change', 'What is said of a firmware');
  await page.keyboard.press('Escape');

  await open('Profiles');
  await page.getByRole('table', { name: 'Credentials' }).waitFor();
  await shoot('profiles', 'Profiles and credentials', 'phone');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Change gateways' }).click();
  await shoot('profile-form', 'How a kind of device is updated');
  await dialog.getByLabel('Port').fill('99999');
  await dialog.getByLabel('Mode').fill('rw');
  await dialog.getByText('octal digits, such as "0644"').waitFor();
  await shoot('profile-form-fault', 'A profile with something wrong');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.getByRole('button', { name: 'Close anyway' }).click();
  await page.getByRole('button', { name: 'Test gateways' }).click();
  await dialog.getByRole('button', { name: 'Test', exact: true }).click();
  await dialog.getByRole('list', { name: 'What the test saw' }).waitFor();
  await shoot('profile-test', 'A profile is tested on a device');
  await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
  await page.getByRole('button', { name: 'Add a credential…' }).click();
  await shoot('credential-add', 'A login is stored');
  await page.keyboard.press('Escape');

  await open('Slots');
  for (const state of ['done', 'flashing', 'failed', 'waiting']) {
    await page.locator(`[data-slot-state=${state}]`).waitFor();
  }
  await shoot('slots', 'Bench slots', 'phone');
  await page.getByRole('button', { name: 'Add a slot…' }).click();
  await shoot('slot-add', 'A slot is set up');
  await page.keyboard.press('Escape');

  await open('Audit');
  await page.getByRole('table', { name: 'Audit log' }).waitFor();
  await page.getByRole('button', { name: 'Verify the record' }).click();
  await page.locator('[data-audit-whole=true]').waitFor();
  await shoot('audit', 'The audit log', 'phone');

  await open('Settings');
  await page.getByText('Pushrod 0.').waitFor();
  await shoot('settings', 'Settings', 'phone');

  await page.getByRole('radiogroup', { name: 'Language' }).getByLabel('Deutsch').check();
  await page.getByRole('link', { name: 'Geräte' }).click();
  await page.getByRole('grid', { name: 'Geräte' }).waitFor();
  await shoot('german', 'The same in German', 'phone');
  await page.getByRole('link', { name: 'Einstellungen' }).click();
  await page.getByRole('radiogroup', { name: 'Sprache' }).getByLabel('English').check();
}
