import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/shared/model/index.ts';
import { cliJson, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('changing devices in the page', () => {
  const here = usePage();
  const all = async () => (await cliJson<{ devices: Device[] }>(here.dataDir, ['devices', 'list'])).devices;
  const cell = (name: string, field: string) => here.devices().getByLabel(`${field} of ${name}`, { exact: true });

  it('by F2 in a row: Enter saves, Escape does not, Tab goes on, and Ctrl+Z takes it back', async () => {
    await here.openSimulated();
    const { page } = here;
    await here.devices().getByRole('row').filter({ hasText: 'camera-02' }).focus();
    await page.keyboard.press('F2');
    await cell('camera-02', 'Name').waitFor();
    await page.keyboard.type('lens-02');
    await page.keyboard.press('Escape');
    await here.devices().getByText('camera-02').waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.type('lens-02');
    await page.keyboard.press('Tab');
    await page.getByText('camera-02 changed.').waitFor();
    await here.devices().getByText('lens-02').waitFor();
    const address = here.devices().getByLabel(/^Address of /);
    await address.fill('192.0.2.300');
    await page.keyboard.press('Enter');
    await here.devices().getByRole('alert').waitFor();
    expect(await address.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    await address.waitFor({ state: 'detached' });
    expect((await all()).some(({ name }) => name === 'lens-02')).toBe(true);
    await page.keyboard.press('Control+z');
    await here.devices().getByText('camera-02').waitFor();
    expect((await all()).some(({ name }) => name === 'lens-02')).toBe(false);
  });

  it('by a double click on a cell', async () => {
    await here.openSimulated();
    const { page } = here;
    const camera = (await all()).find(({ name }) => name === 'camera-02');
    const row = here.devices().getByRole('row').filter({ hasText: 'camera-02' });
    await row.getByText(camera?.location ?? '', { exact: true }).dblclick();
    await cell('camera-02', 'Location').fill('Roof');
    await page.keyboard.press('Enter');
    await row.getByText('Roof').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByText(camera?.location ?? '', { exact: true }).waitFor();
  });

  it('all that are chosen at once, with the effect said before, and undone as a whole', async () => {
    await here.openSimulated();
    const { page } = here;
    const before = await all();
    await here.devices().getByRole('row').nth(1).focus();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Edit…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit 8 devices' });
    expect(await dialog.getByRole('button', { name: 'Change 8 devices' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Change location').check();
    await dialog.getByLabel('Location', { exact: true }).fill(before[0]?.location ?? '');
    const already = before.filter(({ location }) => location === before[0]?.location).length;
    await dialog.getByText(`changes on ${8 - already} devices`).waitFor();
    await dialog.getByRole('button', { name: 'Set a tag' }).click();
    await dialog.getByLabel('Tag', { exact: true }).fill('rack');
    await dialog.getByLabel('Value', { exact: true }).fill('4');
    await dialog.getByLabel('Tags to take away').fill('bench');
    await dialog.getByText('Taken away wherever there is one: bench.').waitFor();
    await dialog.getByRole('button', { name: 'Change 8 devices' }).click();
    await page.getByText('8 devices changed.').waitFor();
    const changed = await all();
    expect(changed.map(({ metadata }) => metadata)).toEqual(changed.map(() => ({ rack: '4' })));
    expect(new Set(changed.map(({ location }) => location))).toEqual(new Set([before[0]?.location]));
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('8 devices set back').waitFor();
    const values = (devices: Device[]) => devices.map(({ id, location, metadata }) => ({ id, location, metadata }));
    expect(values(await all())).toEqual(values(before));
  });
});
