/** `npm run screens`: takes pictures of the real page, on a simulated bench, into `screens/`; the README's into docs. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createApp } from '../src/main/app.ts';
import { startServer } from '../src/main/server/index.ts';
import { launchBrowser } from '../test/harness/browser.ts';
import { makeFile } from '../test/harness/files.ts';
import { takePushSheet } from './push-screens.ts';
import { setUpSchedules, takeSchedules } from './schedule-screens.ts';
import { setUpViews, takeViews } from './view-screens.ts';

const project = join(import.meta.dirname, '..');
const screens = join(project, 'screens');
mkdirSync(screens, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'pushrod-screens-'));
const firmware = join(dataDir, 'gateway-2.6.0.bin');
makeFile(firmware, 24 * 1024 * 1024);

const app = await createApp({ dataDir: join(dataDir, 'data') });
const server = await startServer({ app, rendererDir: join(project, 'out', 'renderer') });
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1180, height: 720 }, colorScheme: 'light' });
const shoot = (name: string) => page.screenshot({ path: join(screens, `${name}.png`) });

try {
  await takeAll(page);
  copyFileSync(join(screens, 'update-running.png'), join(project, 'docs', 'images', 'update-running.png'));
} finally {
  await browser.close();
  await server.close();
  await app.close();
  rmSync(dataDir, { recursive: true });
}

async function takeAll(page: Page): Promise<void> {
  await page.goto(new URL('/', server.url).href);
  await page.getByRole('heading', { name: 'Pair this browser' }).waitFor();
  await shoot('pairing');
  await page.goto(server.url);
  await page.getByText('Try with a simulated bench').waitFor();
  await shoot('first-start');

  await page.getByRole('button', { name: 'Add a device' }).click();
  await page.getByLabel('Address').fill('http://192.0.2.10/');
  await page.getByRole('button', { name: 'Add device', exact: true }).click();
  await page.getByText('without protocol').waitFor();
  await shoot('add-device');
  await page.getByRole('button', { name: 'Cancel' }).click();

  const list = join(dataDir, 'list.csv');
  writeFileSync(list, 'name,address,status\nok,192.0.2.1,\n,192.0.2.2,\nbad,192.0.2.300,asleep\n');
  await page.getByRole('button', { name: 'Import a list' }).click();
  await page.getByLabel('List', { exact: true }).and(page.locator('input')).setInputFiles(list);
  await page.getByText('Line 4').first().waitFor();
  await shoot('import-faults');
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: /simulated bench/ }).click();
  const table = page.getByRole('grid', { name: 'Devices' });
  await table.waitFor();
  for (const row of [1, 2, 3]) await table.getByRole('checkbox').nth(row).check();
  await shoot('devices');
  await app.client('terminal').devices.add({ name: 'gateway-99', address: '127.0.0.1:9', profile: 'simulated' });

  await takePushSheet(page, [firmware], shoot);
  await page.getByRole('button', { name: 'Push firmware…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Push firmware' });
  await sheet.locator('input[type=file]').setInputFiles(firmware);
  await sheet.getByTitle('SHA-256').waitFor();
  await sheet.getByLabel(/All \d+ devices/).check();
  await sheet.getByRole('button', { name: /^Push to/ }).click();
  const header = page.locator('[data-update-state=running]');
  await header.waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[aria-valuenow]')].some((bar) => Number(bar.ariaValueNow) > 40),
  );
  await shoot('update-running');
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await shoot('update-running-dark');
  await page.locator('[data-update-state=completed]').waitFor();
  await shoot('update-ended-dark');
  await page.getByRole('link', { name: 'Devices' }).click();
  await table.waitFor();
  await shoot('devices-dark');
  await takePushSheet(page, [firmware], (name) => shoot(`${name}-dark`));
  await page.getByRole('link', { name: 'Updates' }).click();
  await page.getByRole('table', { name: 'Updates' }).waitFor();
  await shoot('updates-dark');
  await setUpSchedules(app);
  const boards = await setUpViews(app);
  await takeSchedules(page, (name) => shoot(`${name}-dark`));
  await takeViews(page, (name) => shoot(`${name}-dark`));
  await page.getByRole('button', { name: 'Light theme' }).click();
  await takeSchedules(page, shoot);
  await takeViews(page, shoot);
  for (const board of boards) await board.close();
}
