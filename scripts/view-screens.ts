import type { Page } from 'playwright-core';
import type { App } from '../src/main/app.ts';

type Shoot = (name: string) => Promise<unknown>;

/** Firmware of several kinds, described. */
export async function setUpViews(app: App): Promise<void> {
  const client = app.client('terminal');
  const { firmware } = await client.firmware.list();
  const notes = 'Signed by the release team; needs bootloader 4.';
  for (const { sha256 } of firmware) await client.firmware.describe({ sha256, changes: { models: ['GW-2'], notes } });
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
}
