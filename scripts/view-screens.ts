import type { Page } from 'playwright-core';
import type { App } from '../src/main/app.ts';

type Shoot = (name: string) => Promise<unknown>;

/** Firmware of several kinds, described. */
export async function setUpViews(app: App): Promise<void> {
  const client = app.client('terminal');
  const { firmware } = await client.firmware.list();
  const notes = 'Signed by the release team; needs bootloader 4.';
  for (const { sha256 } of firmware) await client.firmware.describe({ sha256, changes: { models: ['GW-2'], notes } });
  const { profile } = await client.profiles.get({ name: 'simulated' });
  await client.profiles.set({ name: 'gateways', profile: { ...profile, versionCommand: 'firmware-version' } });
  const { devices } = await client.devices.list({ filter: { search: 'gateway' } });
  for (const { id } of devices) await client.devices.update({ id, changes: { profile: 'gateways' } });
}

/** The library, and what is asked there. */
export async function takeViews(page: Page, shoot: Shoot): Promise<void> {
  const open = (name: string) => page.getByRole('link', { name, exact: true }).click();
  await open('Firmware');
  await page.getByRole('table', { name: 'Firmware' }).waitFor();
  await shoot('firmware');
  await page
    .getByRole('button', { name: /^Change / })
    .first()
    .click();
  await shoot('firmware-change');
  await page.keyboard.press('Escape');

  await open('Profiles');
  await page.getByRole('table', { name: 'Credentials' }).waitFor();
  await shoot('profiles');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Change gateways' }).click();
  await shoot('profile-form');
  await dialog.getByLabel('Port').fill('99999');
  await dialog.getByLabel('Mode').fill('rw');
  await dialog.getByText('octal digits, such as "0644"').waitFor();
  await shoot('profile-form-fault');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.getByRole('button', { name: 'Close anyway' }).click();
  await page.getByRole('button', { name: 'Test gateways' }).click();
  await dialog.getByRole('button', { name: 'Test', exact: true }).click();
  await dialog.getByRole('list', { name: 'What the test saw' }).waitFor();
  await shoot('profile-test');
  await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
  await page.getByRole('button', { name: 'Add a credential…' }).click();
  await shoot('credential-add');
  await page.keyboard.press('Escape');
}
