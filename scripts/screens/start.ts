import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Camera } from './camera.ts';

/** From the first visit to a bench on the list. */
export async function takeStart({ page, shoot }: Camera, url: string, dir: string): Promise<void> {
  await page.goto(new URL('/', url).href);
  await page.getByRole('heading', { name: 'Pair this browser' }).waitFor();
  await shoot('pairing', 'Pairing a browser', 'phone');
  await page.goto(url);
  await page.getByText('Try with a simulated bench').waitFor();
  await shoot('first-start', 'The first start', 'phone');

  await page.getByRole('button', { name: 'Add a device' }).click();
  await page.getByLabel('Address').fill('http://192.0.2.10/');
  await page.getByRole('button', { name: 'Add device', exact: true }).click();
  await page.getByText('without protocol').waitFor();
  await shoot('add-device', 'Adding a device, with something wrong');
  await page.getByRole('button', { name: 'Cancel' }).click();

  const list = join(dir, 'ours.csv');
  writeFileSync(
    list,
    'What;Where;address;Owner\nplc-1;Hall 4;192.0.2.51;Ada\n;Hall 5;192.0.2.52;Bob\nplc-3;Hall 5;192.0.2.300;Bob\n',
  );
  await page.getByRole('button', { name: 'Import a list' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a list of devices' });
  await dialog.getByLabel('List', { exact: true }).and(page.locator('input')).setInputFiles(list);
  await dialog.getByLabel('What the column “What” holds').selectOption('name');
  await dialog.getByLabel('What the column “Where” holds').selectOption('location');
  await dialog.getByText('2 lines cannot be taken').waitFor();
  await shoot('import', 'Importing a list: its columns, and what is wrong in it');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: /simulated bench/ }).click();
  await page.getByRole('grid', { name: 'Devices' }).getByText('camera-02').waitFor();
  const tour = page.getByRole('dialog', { name: 'Push in two gestures' });
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await tour.waitFor();
  await shoot('tour', 'The tour of the first push', 'phone');
  await page.keyboard.press('Escape');
  await tour.waitFor({ state: 'detached' });
}
