import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { App } from '../../src/main/app.ts';
import { makeFile } from '../../test/harness/files.ts';
import type { Camera } from './camera.ts';

const mib = 1024 * 1024;
const sheetOf = (page: Page) => page.getByRole('dialog', { name: 'Push firmware' });

/** A push from the dropped file to its report, with what may come in between. */
export async function takePushes(camera: Camera, app: App, dir: string): Promise<void> {
  const { page, shoot } = camera;
  const client = app.client('terminal');
  await page.getByRole('link', { name: 'Updates', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Updates' }).waitFor();
  await shoot('updates-empty', 'No updates yet');

  const firmware = join(dir, 'gateway-2.6.0.bin');
  makeFile(firmware, 24 * mib);
  const config = join(dir, 'config-2.6.0.json');
  makeFile(config, 20_000);
  await takeSheet(camera, firmware, config);

  const { devices } = await client.devices.list({});
  const [first, ...others] = devices;
  if (!first) throw new Error('the simulated bench has no device');
  for (const { id } of others) await client.hosts.trust({ id });
  for (const name of ['gateway-98', 'gateway-99']) {
    await client.devices.add({ name, address: '127.0.0.1:9', profile: 'simulated', location: 'Hall 2' });
  }
  await takeRunning(camera, firmware);
  await takeFailures(camera, first.name);
  await takePhases(camera, firmware);
  await takeList(camera);
}

async function open(page: Page, files: string[]): Promise<ReturnType<typeof sheetOf>> {
  await page.getByRole('button', { name: 'Push firmware…' }).click();
  const sheet = sheetOf(page);
  await sheet.locator('input[type=file]').first().setInputFiles(files);
  await sheet
    .getByTitle('SHA-256')
    .nth(files.length - 1)
    .waitFor();
  await sheet.getByLabel(/All \d+ devices/).check();
  return sheet;
}

async function takeSheet({ page, shoot }: Camera, firmware: string, config: string): Promise<void> {
  const sheet = await open(page, [firmware]);
  const preflight = sheet.getByLabel('What would happen');
  await preflight.getByText('go').first().waitFor();
  await preflight.getByRole('button').click();
  await preflight.getByText('Can be reached').waitFor();
  await shoot('push', 'The sheet of a push, with what would happen', 'phone');
  await sheet.getByLabel('When', { exact: true }).selectOption('In an update window');
  await sheet.getByLabel('In phases').check();
  await sheet.getByText('Limits and safeguards').click();
  await sheet.getByLabel('What that means').getByLabel('Next runs').waitFor();
  await preflight.getByText(', then ').waitFor();
  await sheet.getByLabel('Stage only').scrollIntoViewIfNeeded();
  await shoot('push-options', 'All that can be chosen for a push');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await open(page, [firmware, config]);
  await shoot('push-bundle', 'Two files make a bundle');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
}

async function takeRunning({ page, shoot }: Camera, firmware: string): Promise<void> {
  const sheet = await open(page, [firmware]);
  await sheet.getByLabel('Unknown host keys').selectOption('strict');
  await sheet.getByText('Limits and safeguards').click();
  await sheet.getByLabel('Rate, MiB/s').fill('12');
  await sheet.getByRole('button', { name: /^Push to/ }).click();
  await page.locator('[data-update-state=running]').waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[aria-valuenow]')].some((bar) => Number(bar.ariaValueNow) > 20),
  );
  await shoot('update-running', 'A push under way', 'phone');
  await page.locator('[data-update-state=completed]').waitFor();
  await shoot('update-ended', 'A push that has ended, three devices without success', 'phone');
}

async function takeFailures({ page, shoot }: Camera, unknown: string): Promise<void> {
  await page.getByRole('button', { name: 'Trust this key…' }).first().click();
  const trust = page.getByRole('dialog', { name: `Trust the key of ${unknown}?` });
  await trust.getByText('SHA256:').first().waitFor();
  await shoot('host-key', 'A host key nobody has seen before', 'phone');
  await page.keyboard.press('Escape');
  await trust.waitFor({ state: 'detached' });
  const log = page.getByText('Event log');
  await log.click();
  await page.getByRole('region', { name: 'Event log' }).getByText('completed').first().waitFor();
  await page.getByRole('region', { name: 'Event log' }).scrollIntoViewIfNeeded();
  await shoot('event-log', 'What happened to which device, and when');
}

async function takePhases({ page, shoot }: Camera, firmware: string): Promise<void> {
  const sheet = await open(page, [firmware]);
  await sheet.getByLabel('In phases').check();
  await sheet.getByLabel('Phases', { exact: true }).fill('1, 50 %, 100 %');
  await sheet.getByLabel('Each further phase waits').check();
  await sheet.getByText('Limits and safeguards').click();
  await sheet.getByLabel(/Force:/).check();
  await sheet.getByRole('button', { name: /^Push to/ }).click();
  await page.getByText('Phase 1 has ended and waits for approval.').waitFor();
  await shoot('update-phases', 'A phase has ended and waits for approval', 'phone');
  await page.getByRole('button', { name: /^Cancel/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await shoot('update-cancel', 'Cancelling asks first');
  await dialog.getByRole('button').last().click();
  await page.locator('[data-update-state=cancelled]').waitFor();
}

async function takeList({ page, shoot }: Camera): Promise<void> {
  await page.getByRole('link', { name: 'Updates', exact: true }).click();
  await page.getByRole('table', { name: 'Updates' }).waitFor();
  const boxes = page.getByRole('checkbox', { name: /^Compare / });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole('region', { name: 'Two updates side by side' }).waitFor();
  await shoot('updates', 'The updates so far, two of them compared', 'phone');
}
