import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFleet } from '../../bench/registry-fleet.ts';
import { cliJson, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const fleetSize = 100_000;

describe.runIf(has('chromium'))('the table of devices', () => {
  const here = usePage();
  const row = (index: number) => here.devices().locator(`[data-row="${index}"][data-device-id]`);
  const titles = () => here.devices().getByRole('columnheader').getByRole('button').allTextContents();

  async function openWithFleet(size: number): Promise<void> {
    const fleet = join(here.dir, `fleet-${size}.csv`);
    await writeFleet(fleet, size);
    await cliJson(here.dataDir, ['devices', 'import', fleet]);
    await here.open();
    await row(0).waitFor();
  }

  it('of a hundred thousand shows any of them, and keeps few rows', async () => {
    await openWithFleet(fleetSize);
    const grid = here.devices();
    expect(await grid.getAttribute('aria-rowcount')).toBe('100001');
    const { devices } = await cliJson<{ devices: { id: string }[] }>(here.dataDir, [
      ...['devices', 'list', '--sort', 'name', '--offset', '50000', '--limit', '1'],
    ]);
    await grid.evaluate((element) => element.scrollTo({ top: 50_000 * 40 }));
    await row(50_000).waitFor();
    expect(await row(50_000).getAttribute('data-device-id')).toBe(devices[0]?.id);
    expect(await row(50_000).getAttribute('aria-rowindex')).toBe('50002');
    expect(await grid.locator('[data-row]').count()).toBeLessThan(60);
    await grid.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await row(fleetSize - 1).waitFor();
    // What changes is seen where one looks, without a way back to the top.
    const id = await row(fleetSize - 1).getAttribute('data-device-id');
    await cliJson(here.dataDir, ['devices', 'update', id ?? '', '--model', 'seen at once']);
    await row(fleetSize - 1)
      .getByText('seen at once')
      .waitFor();
    expect(await grid.evaluate((element) => element.scrollTop)).toBeGreaterThan(3_900_000);
  });

  it('sorts by its titles, and remembers columns that were sized, moved, hidden and added', async () => {
    await openWithFleet(20);
    const { page } = here;
    const title = (name: string) => here.devices().getByRole('button', { name });
    await title('Last seen').click();
    await title('Last seen').click();
    await here.devices().locator('[role=columnheader][aria-sort=descending]').waitFor();
    expect(new URL(page.url()).hash).toBe('#/devices?sort=-lastSeen');
    const widthOf = async (name: string) =>
      (await here.devices().getByRole('columnheader', { name }).boundingBox())?.width ?? 0;
    const before = await widthOf('Model');
    await title('Model').focus();
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('Shift+ArrowRight');
    expect(await widthOf('Model')).toBeCloseTo(before + 48, -1);
    await page.keyboard.press('Control+ArrowLeft');
    await page.keyboard.press('Control+ArrowLeft');
    expect(await titles()).toEqual(['Name', 'Model', 'Status', 'Address', 'Firmware', 'Location', 'Last seen ↓']);
    const edge = await here.devices().getByRole('separator', { name: 'Width of Name' }).boundingBox();
    if (!edge) throw new Error('the column has no edge');
    const nameWidth = await widthOf('Name');
    await page.mouse.move(edge.x + 4, edge.y + 5);
    await page.mouse.down();
    await page.mouse.move(edge.x + 44, edge.y + 5, { steps: 4 });
    await page.mouse.up();
    expect(await widthOf('Name')).toBeGreaterThan(nameWidth + 25);
    await title('Status').dragTo(title('Firmware'));
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    const menu = page.getByRole('dialog', { name: 'Columns of the list' });
    await menu.getByRole('checkbox', { name: 'Location' }).uncheck();
    await menu.getByRole('checkbox', { name: 'rack' }).check();
    await menu.getByRole('button', { name: 'Move rack to the front' }).click();
    await page.keyboard.press('Escape');
    const kept = ['Name', 'Model', 'Address', 'Firmware', 'Status', 'rack', 'Last seen ↓'];
    expect(await titles()).toEqual(kept);
    await page.reload();
    await row(0).waitFor();
    expect(await titles()).toEqual(kept);
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await menu.getByRole('button', { name: 'As they were at first' }).click();
    expect(await titles()).toEqual(['Name', 'Status', 'Address', 'Model', 'Firmware', 'Location', 'Last seen ↓']);
  });

  it('is a list of cards on a phone, which can be sorted and selected', async () => {
    await openWithFleet(20);
    const { page } = here;
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByLabel('Sort by').selectOption('Name, descending');
    await here.devices().locator('[data-row="0"]').getByText('sensor-').waitFor();
    await row(0).getByRole('checkbox').check();
    await page.getByText('1 selected').waitFor();
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(widths).toEqual([360, 360]);
  });

  it.each(['en-US', 'de-DE'])('cuts no state off, in the words of %s', async (locale) => {
    const file = join(here.dir, 'states.csv');
    writeFileSync(file, 'name,address,status\na,192.0.2.1,online\nb,192.0.2.2,offline\nc,192.0.2.3,unknown\n');
    await cliJson(here.dataDir, ['devices', 'import', file]);
    await here.open(locale);
    await here.page.setViewportSize({ width: 800, height: 600 });
    const states = here.page.locator('[data-row] [role=gridcell]:has(.badge)');
    await states.nth(2).waitFor();
    expect(await states.evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth))).toEqual(
      [],
    );
  });
});
