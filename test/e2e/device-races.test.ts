import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/shared/model/index.ts';
import { cliJson, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('devices that someone else changes meanwhile', () => {
  const here = usePage();
  const row = (id: string) => here.devices().locator(`[data-device-id="${id}"]`);
  const said = (text: string) => here.page.getByText(text, { exact: true }).waitFor();
  const elsewhere = (...args: string[]) => cliJson(here.dataDir, ['devices', ...args]);
  const all = async () => (await cliJson<{ devices: Device[] }>(here.dataDir, ['devices', 'list'])).devices;
  const tick = (name: string) => here.devices().getByLabel(`Select ${name}`, { exact: true }).click();

  async function openWith(...names: string[]): Promise<void> {
    const file = join(here.dir, 'few.csv');
    writeFileSync(
      file,
      `id,name,address,location\n${names.map((one, at) => `${one},${one},192.0.2.${at + 1},Lab\n`).join('')}`,
    );
    await cliJson(here.dataDir, ['devices', 'import', file]);
    await here.open();
    await row(names.at(-1) ?? '').waitFor();
  }

  it('are no longer chosen once they are gone, nor left out', async () => {
    await openWith('a', 'b', 'c', 'd');
    await tick('a');
    await tick('b');
    await said('2 selected');
    await elsewhere('remove', 'a', '--yes');
    await said('1 selected');
    await row('b').focus();
    await here.page.keyboard.press('Control+a');
    await tick('b');
    await said('2 of 3 devices are selected, 1 left out.');
    await elsewhere('remove', 'b', '--yes');
    await said('All 2 devices are selected.');
  });

  it('and are gone while a dialog asks, do not stop what is done with the others', async () => {
    await openWith('a', 'b', 'c');
    const { page } = here;
    for (const name of ['a', 'b']) await tick(name);
    await page.getByRole('button', { name: 'Edit…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit 2 devices' });
    await dialog.getByLabel('Change location').check();
    await dialog.getByLabel('Location', { exact: true }).fill('Roof');
    await elsewhere('remove', 'a', '--yes');
    await row('a').waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Change 2 devices' }).click();
    await page.getByText('1 device changed.').waitFor();
    expect((await all()).map(({ name, location }) => [name, location])).toEqual([
      ['b', 'Roof'],
      ['c', 'Lab'],
    ]);

    await tick('c');
    await page.getByRole('button', { name: 'Remove…' }).click();
    await elsewhere('remove', 'b', '--yes');
    await row('b').waitFor({ state: 'detached' });
    await page.getByRole('dialog').getByRole('button', { name: 'Remove 2 devices' }).click();
    await page.getByText('1 device removed.').waitFor();
  });

  it('keep what the other one said, when the edit before it is undone', async () => {
    await openWith('a', 'b');
    const { page } = here;
    await row('a').focus();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Edit…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit 2 devices' });
    await dialog.getByLabel('Change location').check();
    await dialog.getByLabel('Location', { exact: true }).fill('Roof');
    await dialog.getByRole('button', { name: 'Change 2 devices' }).click();
    await page.getByText('2 devices changed.').waitFor();
    await elsewhere('update', 'b', '--location', 'Cellar');
    await row('b').getByText('Cellar').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('1 device set back to what they were; 1 device changed again since then').waitFor();
    expect((await all()).map(({ location }) => location)).toEqual(['Lab', 'Cellar']);
  });

  it('leave the focus in the list, when their row is changed, is the last one, or is removed here', async () => {
    await openWith('a', 'b', 'c', 'd');
    const { page } = here;
    const focused = (name: string) =>
      page.waitForFunction((id) => (document.activeElement as HTMLElement)?.dataset.deviceId === id, name);
    await row('a').focus();
    await page.keyboard.press('ArrowDown');
    await focused('b');
    await page.keyboard.press('F2');
    await page.keyboard.type('half a na');
    await elsewhere('remove', 'b', '--yes');
    await focused('c');
    await page.keyboard.press('End');
    await focused('d');
    await elsewhere('remove', 'd', '--yes');
    await focused('c');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove 1 device' }).click();
    await focused('a');
  });

  it('are counted as what is shown, while what is typed finds no answer', async () => {
    await openWith('a', 'b', 'c');
    const { page } = here;
    await here.end('SIGKILL');
    await page.getByText('The connection to Pushrod was cut').waitFor();
    await page.getByLabel('Search devices').fill('name-of-none');
    await page.waitForURL(/search=name-of-none/);
    await said('3 devices');
    await here.restart();
    await said('0 devices match');
  });

  it('are said to be none once an edit took all of them out of the search', async () => {
    await openWith('a', 'b');
    const { page } = here;
    await page.getByLabel('Search devices').fill('location:Lab');
    await said('2 devices match');
    await row('a').focus();
    await page.keyboard.press('Control+a');
    await said('All 2 that match are selected.');
    await elsewhere('edit', '--location', 'Lab', '--set', 'location=Roof', '--yes');
    await said('0 devices match');
  });

  it('keep the metadata that someone else gives them while one types others', async () => {
    await openWith('a', 'b');
    const { page } = here;
    await here.devices().getByRole('button', { name: 'a', exact: true }).click();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('button', { name: 'Add an entry' }).click();
    await page.keyboard.type('rack');
    await details.getByLabel('Value of rack').fill('4');
    await elsewhere('update', 'a', '--tag', 'owner=Ada', '--location', 'Roof');
    await details.getByText('Roof').waitFor();
    await details.getByRole('button', { name: 'Save metadata' }).click();
    await page.getByText('a changed.').waitFor();
    expect((await all())[0]?.metadata).toEqual({ rack: '4', owner: 'Ada' });
    await elsewhere('remove', 'a', '--yes');
    await details.getByText('not on the list any more').waitFor();
    await page.keyboard.press('Escape');
    await row('b').and(page.locator(':focus')).waitFor();
  });
});
