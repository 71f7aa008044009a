import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/shared/model/index.ts';
import { cliJson, dropFile, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('adding devices in the page', () => {
  const here = usePage();

  it('goes on after a reload where the form was left, and forgets it once it is cancelled', async () => {
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Add a device' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a device' });
    await dialog.getByLabel('Name').fill('gateway-7');
    await dialog.getByLabel('Location').fill('Hall 3');
    await page.reload();
    await dialog.waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('gateway-7');
    expect(await dialog.getByLabel('Location').inputValue()).toBe('Hall 3');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('Put your bench on the list').waitFor();
    await page.getByRole('button', { name: 'Add a device' }).click();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('');
  });

  it('takes a pasted list, says what is wrong at its line, and adds all or nothing', async () => {
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Paste a list…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Paste a list of devices' });
    await dialog
      .getByLabel('Devices', { exact: true })
      .fill('gateway 1 192.0.2.10\n\nplc http://192.0.2.11\n192.0.2.12\n');
    const faulty = dialog.getByRole('row').filter({ hasText: 'without protocol' });
    expect(await faulty.getByRole('cell').first().textContent()).toBe('3');
    await dialog.getByText('1 line cannot be taken').waitFor();
    await page.reload();
    const text = dialog.getByLabel('Devices', { exact: true });
    await text.fill((await text.inputValue()).replace('http://', ''));
    await dialog.getByRole('button', { name: 'Add 3 devices' }).click();
    await page.getByText('3 devices added, 0 updated.').waitFor();
    await here.devices().getByText('gateway 1').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('3 devices of the list removed again.').waitFor();
    await page.getByText('Put your bench on the list').waitFor();
  });

  it('maps the columns of a list that has headings of its own', async () => {
    await here.open();
    const { page } = here;
    const list = join(here.dir, 'ours.csv');
    writeFileSync(list, 'What;Where;Net;Owner\nplc-1;Hall 4;192.0.2.51;Ada\nplc-2;Hall 5;192.0.2.52;Bob\n');
    await dropFile(page, list);
    const dialog = page.getByRole('dialog', { name: 'Import a list of devices' });
    const column = (heading: string) => dialog.getByLabel(`What the column “${heading}” holds`);
    await dialog.getByText('this column is required').first().waitFor();
    expect(await column('Owner').inputValue()).toBe('tag');
    await column('What').selectOption('name');
    await column('Where').selectOption('location');
    await column('Net').selectOption('address');
    await dialog.getByLabel('Name of the tag for “Owner”').fill('owner');
    await dialog.getByRole('button', { name: 'Import 2 devices' }).click();
    await here.devices().getByText('Hall 5').waitFor();
    const { devices } = await cliJson<{ devices: Device[] }>(here.dataDir, ['devices', 'list']);
    expect(devices).toMatchObject([
      { name: 'plc-1', location: 'Hall 4', address: '192.0.2.51', metadata: { owner: 'Ada' } },
      { name: 'plc-2', location: 'Hall 5', address: '192.0.2.52', metadata: { owner: 'Bob' } },
    ]);
  });

  it('says of an empty list that it is', async () => {
    await here.open();
    const list = join(here.dir, 'empty.csv');
    writeFileSync(list, '');
    await dropFile(here.page, list);
    await here.page.getByRole('dialog').getByText('the file is empty').waitFor();
  });

  it('finds what listens in a subnet, marks what is on the list, and adds what is chosen', async () => {
    await here.openSimulated();
    const { page } = here;
    const { devices } = await cliJson<{ devices: Device[] }>(here.dataDir, ['devices', 'list']);
    const ports = devices.map(({ address }) => address.split(':')[1]);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Find devices…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Find devices' });
    await dialog.getByLabel('Subnet').fill('127.0.0.0/99');
    await dialog.getByLabel('Ports').fill(ports.join(', '));
    await dialog.getByRole('checkbox', { name: /Listen for devices/ }).uncheck();
    await dialog.getByRole('button', { name: 'Search' }).click();
    await dialog.getByRole('alert').first().waitFor();
    const gone = devices[0];
    await cliJson(here.dataDir, ['devices', 'remove', gone?.id ?? '']);
    await dialog.getByLabel('Subnet').fill('127.0.0.0/29');
    await page.keyboard.press('Enter');
    await dialog.getByText('on the list already').waitFor();
    await dialog.getByText(`on the list as ${devices[1]?.name}`).waitFor();
    const name = dialog.getByLabel(`Name of ${gone?.address}`);
    await name.fill('found again');
    await dialog.getByLabel('Location').fill('Hall 9');
    await dialog.getByRole('button', { name: /^Add \d+ device/ }).click();
    await dialog.waitFor({ state: 'detached' });
    await here.devices().getByText('found again').waitFor();
    await here.devices().getByText('Hall 9').first().waitFor();
  });

  it('ends a search that takes too long', async () => {
    await here.open();
    const { page } = here;
    await page.getByRole('button', { name: 'Find devices…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Find devices' });
    await dialog.getByRole('button', { name: 'Search' }).click();
    await dialog.getByRole('button', { name: 'Stop searching' }).click();
    await dialog.getByText('The search was stopped.').waitFor();
  });
});
