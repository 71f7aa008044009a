import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/shared/model/index.ts';
import { cliJson, has, makeFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('devices by keyboard alone', () => {
  const here = usePage();
  const all = async () => (await cliJson<{ devices: Device[] }>(here.dataDir, ['devices', 'list'])).devices;

  async function press(...keys: string[]): Promise<void> {
    for (const key of keys) await here.page.keyboard.press(key);
  }

  /** As far as it takes. */
  async function tabTo(what: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await what.waitFor();
    for (let presses = 0; ; presses += 1) {
      if (await what.evaluate((element) => element === document.activeElement)) return;
      if (presses === 60) throw new Error(`No way by ${key} to ${what}.`);
      await press(key);
    }
  }

  it('are found, chosen, changed, set back, looked at closely, and pushed to', async () => {
    await here.openSimulated();
    const { page } = here;
    const places = async () => (await all()).map(({ name, location }) => `${name} ${location}`);
    const before = await places();
    const row = (number: number) => here.devices().locator(`[data-row="${number}"]`);

    await press('/');
    await page.keyboard.type('camera no-such');
    await press('Control+a');
    await page.keyboard.type('tag:bench=simulated -0');
    await press('Enter');
    await page.getByText('8 devices match').waitFor();
    await tabTo(row(0));
    await press('Space', 'ArrowDown', 'Space', 'ArrowDown', 'Space');
    await page.getByText('3 selected').waitFor();

    await press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).waitFor();
    await page.keyboard.type('edit');
    await page.getByRole('option', { name: 'Edit…' }).waitFor();
    await press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Edit 3 devices' });
    await tabTo(dialog.getByLabel('Change location'));
    await press('Space', 'Tab');
    await page.keyboard.type('Cellar');
    await press('Enter');
    await page.getByText('3 devices changed.').waitFor();
    expect((await places()).filter((place) => place.endsWith('Cellar'))).toHaveLength(3);
    await press('Control+z');
    await page.getByText('3 devices set back').waitFor();
    expect(await places()).toEqual(before);

    await tabTo(row(2));
    await press('Enter');
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('heading', { level: 2 }).waitFor();
    await press('Escape');
    await details.waitFor({ state: 'detached' });
    await row(2).and(page.locator(':focus')).waitFor();
    expect(new URL(page.url()).hash).not.toContain('#/devices/');

    const firmware = join(here.dir, 'walk-1.0.bin');
    makeFile(firmware, 20_000);
    await cliJson(here.dataDir, ['firmware', 'add', firmware, '--version', '1.0']);
    await press('p');
    const sheet = here.sheet();
    await tabTo(sheet.getByRole('button', { name: 'walk-1.0.bin' }));
    await press('Enter');
    const push = sheet.getByRole('button', { name: 'Push to 3 devices' });
    await push.and(page.locator(':enabled')).waitFor();
    await tabTo(push, 'Shift+Tab');
    await press('Enter');
    await page.locator('[data-update-state=completed]').waitFor();
    await page.getByText('3 succeeded').first().waitFor();
  });
});
