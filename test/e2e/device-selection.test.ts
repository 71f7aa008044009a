import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fleetDevice, writeFleet } from '../../bench/registry-fleet.ts';
import { cliJson, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

/** More than a page that is fetched at once, several times. */
const fleetSize = 1_500;
const offline = Array.from({ length: fleetSize }, (_, n) => fleetDevice(n)).filter(
  (one) => one.status === 'offline',
).length;

describe.runIf(has('chromium'))('the selection of devices', () => {
  const here = usePage();
  const fleet = () => join(here.dir, 'fleet.csv');
  const row = (index: number) => here.devices().locator(`[data-row="${index}"]`);
  const says = (text: string) => here.page.getByRole('status').getByText(text, { exact: true }).waitFor();
  const press = (key: string) => here.page.keyboard.press(key);
  const focusedRow = () => here.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.row);

  beforeAll(() => writeFleet(fleet(), fleetSize));

  async function openWithFleet(): Promise<void> {
    await cliJson(here.dataDir, ['devices', 'import', fleet()]);
    await here.open();
    await here.page.getByText('1,500 devices').waitFor();
    await here.devices().locator('[data-row="3"][data-device-id]').waitFor();
  }

  it('is made by clicks: one, one more, and a range that reaches over rows that were never shown', async () => {
    await openWithFleet();
    await row(2).click({ position: { x: 300, y: 10 } });
    await says('1 selected');
    await row(4).click({ position: { x: 300, y: 10 }, modifiers: ['Control'] });
    await says('2 selected');
    await row(3).click({ position: { x: 300, y: 10 } });
    await says('1 selected');
    await here.devices().evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }));
    await here
      .devices()
      .locator(`[data-row="${fleetSize - 1}"][data-device-id]`)
      .waitFor();
    await row(fleetSize - 1).click({ position: { x: 300, y: 10 }, modifiers: ['Shift'] });
    await says('1,497 selected');
    await row(fleetSize - 1)
      .getByRole('checkbox')
      .uncheck();
    await says('1,496 selected');
  });

  it('is made by keyboard alone', async () => {
    await openWithFleet();
    await row(0).focus();
    await press('ArrowDown');
    await press('ArrowDown');
    expect(await focusedRow()).toBe('2');
    await press('Space');
    await says('1 selected');
    await press('Shift+ArrowDown');
    await press('Shift+ArrowDown');
    await says('3 selected');
    await press('Shift+End');
    await says('1,498 selected');
    expect(await focusedRow()).toBe('1499');
    await row(1_499).getByRole('rowheader').waitFor();
    await press('PageUp');
    expect(Number(await focusedRow())).toBeLessThan(1_495);
    await press('Home');
    expect(await focusedRow()).toBe('0');
    await press('Escape');
    await says('1,500 devices');
    await press('Control+a');
    await says('All 1,500 devices are selected.');
    await press('Space');
    await says('1,499 of 1,500 devices are selected, 1 left out.');
    await here.devices().getByRole('checkbox').nth(3).focus();
    await press('Control+a');
    await says('All 1,500 devices are selected.');
    await row(0).focus();
    await press('Enter');
    await here.page.getByRole('complementary', { name: 'Details' }).waitFor();
    expect(new URL(here.page.url()).hash).toMatch(/^#\/devices\/d\d+/);
  });

  it('is everything that matches, said in words, but for those that are left out', async () => {
    await openWithFleet();
    const { page } = here;
    await page.getByLabel('Search devices').fill('status:offline');
    await page.getByText(`${offline} devices match`).waitFor();
    await page.getByLabel('Select the rows in sight').click();
    await page.getByText(/^All \d+ rows in sight are selected\.$/).waitFor();
    await page.getByRole('button', { name: `Select all ${offline} that match` }).click();
    await says(`All ${offline} that match are selected.`);
    await row(1).getByRole('checkbox').uncheck();
    await row(4).getByRole('checkbox').uncheck();
    await says(`${offline - 2} of the ${offline} that match are selected, 2 left out.`);
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: `Remove ${offline - 2} devices` }).click();
    await page.getByText('2 devices match').waitFor();
    expect(await cliJson<{ total: number }>(here.dataDir, ['devices', 'list', '--limit', '1'])).toMatchObject({
      total: fleetSize - offline + 2,
    });
  });

  it('of everything that matches ends with the search it came from', async () => {
    await openWithFleet();
    await here.page.getByLabel('Search devices').fill('status:offline');
    await here.page.getByText(`${offline} devices match`).waitFor();
    await row(0).focus();
    await press('Control+a');
    await says(`All ${offline} that match are selected.`);
    await here.page.getByLabel('Search devices').fill('status:unknown');
    await here.page.getByText(/^\d+ devices match$/).waitFor();
  });

  it('survives a reload, with what was being changed about it', async () => {
    await here.openSimulated();
    const { page } = here;
    await here.devices().getByRole('checkbox').nth(1).click();
    await here.devices().getByRole('checkbox').nth(3).click();
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Edit…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit 2 devices' });
    await dialog.getByLabel('Change location').check();
    await dialog.getByLabel('Location', { exact: true }).fill('Roof');
    await page.reload();
    expect(await dialog.getByLabel('Location', { exact: true }).inputValue()).toBe('Roof');
    await page.keyboard.press('Escape');
    await here.devices().getByRole('row').nth(1).focus();
    await page.keyboard.press('Control+a');
    await here.devices().getByRole('checkbox').nth(1).click();
    await page.getByText('7 of 8 devices are selected, 1 left out.').waitFor();
    await page.reload();
    await page.getByText('7 of 8 devices are selected, 1 left out.').waitFor();
    await page.getByRole('button', { name: 'Clear selection' }).click();
    await page.reload();
    await page.getByText('8 devices', { exact: true }).waitFor();
  });
});
