import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dropFile, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('the devices in the page', () => {
  const here = usePage();
  const focused = () => here.page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

  async function openWithList(): Promise<void> {
    const list = join(here.dir, 'three.csv');
    writeFileSync(list, 'name,address\nplc-1,192.0.2.41\nplc-2,192.0.2.42\nplc-3,192.0.2.43\n');
    await here.open();
    await here.page.getByText('Put your bench on the list').waitFor();
    await dropFile(here.page, list);
    await here.page.getByRole('button', { name: 'Import 3 devices' }).click();
    await here.page.getByText('3 devices added, 0 updated.').waitFor();
    await here.devices().getByText('plc-3').waitFor();
  }

  it('keep the search in hand when it found nothing and is cleared', async () => {
    await openWithList();
    const search = here.page.getByLabel('Search devices');
    await search.fill('zz');
    await here.page.getByText('No device matches').waitFor();
    await search.press('Control+a');
    await search.press('Backspace');
    await search.pressSequentially('plc-2', { delay: 20 });
    expect(await search.inputValue()).toBe('plc-2');
    await here.devices().getByText('plc-1').waitFor({ state: 'detached' });
  });

  it('are added once, however often Enter is pressed, and the focus goes back to where it was', async () => {
    await openWithList();
    const { page } = here;
    await page.getByRole('button', { name: 'Add device…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a device' });
    await page.keyboard.type('typed at once');
    expect(await dialog.getByLabel('Name').inputValue()).toBe('typed at once');
    await dialog.getByRole('button', { name: 'Add device' }).click();
    await dialog.getByText('address is empty').waitFor();
    expect(await dialog.getByLabel('Address').evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('192.0.2.44');
    await dialog.locator('form').evaluate((form: HTMLFormElement) => {
      form.requestSubmit();
      form.requestSubmit();
    });
    await dialog.waitFor({ state: 'detached' });
    await here.devices().getByText('typed at once').waitFor();
    expect(await here.devices().getByRole('rowheader').count()).toBe(4);
    expect(await focused()).toBe('Add device…');
    await page.getByRole('button', { name: 'Add device…' }).click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await focused()).toBe('Add device…');
  });

  it('that are ticked but not shown are named before they are removed', async () => {
    await openWithList();
    const { page } = here;
    for (const name of ['plc-1', 'plc-2']) await here.devices().getByLabel(`Select ${name}`).check();
    await page.getByLabel('Search devices').fill('plc-1');
    await page.getByText('2 selected, 1 not shown').waitFor();
    await page.getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove 2 devices?' });
    await dialog.getByText('plc-2').waitFor();
    expect(await focused()).toBe('Keep them');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await here.devices().getByText('plc-1').waitFor();
  });

  it('that were removed come back when that is undone', async () => {
    await openWithList();
    const { page } = here;
    await here.devices().getByLabel('Select plc-1').check();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove 1 device' }).click();
    await page.getByText('1 device removed.').waitFor();
    await here.devices().getByText('plc-1').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('1 device brought back.').waitFor();
    await here.devices().getByText('plc-1').waitFor();
  });

  it.each([
    ['in Latin-1', Buffer.from('name,address\nGer\xe4t,192.0.2.1\n', 'latin1'), 'is not text in UTF-8'],
    ['of columns alone', Buffer.from('name,address\n'), 'The list holds no device'],
  ])('of a list %s are not imported', async (_, bytes, says) => {
    const list = join(here.dir, 'odd.csv');
    writeFileSync(list, bytes);
    await here.open();
    await here.page.getByText('Put your bench on the list').waitFor();
    await dropFile(here.page, list);
    const dialog = here.page.getByRole('dialog', { name: 'Import a list of devices' });
    await dialog.getByText(says).waitFor();
    expect(await dialog.getByRole('button', { name: 'Import' }).isDisabled()).toBe(true);
    // A better one is dropped on the dialog that is open: what Excel saves as "Unicode Text".
    const better = join(here.dir, 'better.csv');
    writeFileSync(better, Buffer.from('\uFEFFname\taddress\r\nplc-9\t192.0.2.49\r\n', 'utf16le'));
    await dropFile(here.page, better);
    await dialog.getByRole('button', { name: 'Import 1 device' }).click();
    await here.devices().getByText('plc-9').waitFor();
  });
});
