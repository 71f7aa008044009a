import { describe, expect, it } from 'vitest';
import { cliJson, has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('the results of a push', () => {
  const here = usePage();

  it('keep a way back from a state that no device is in any more', async () => {
    await here.openSimulated();
    const { page } = here;
    await here.pushToSimulated('filter-1.0.bin', 8);
    expect(await page.title()).toMatch(/^\d+ % – Pushrod$/);
    await page.getByRole('button', { name: 'transferring' }).click();
    await page.locator('[data-update-state=completed]').waitFor();
    await page.getByText('No device is in this state now').waitFor();
    expect(await page.getByRole('button', { name: '0 transferring' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'All', exact: true }).click();
    expect(await page.locator('[data-state=succeeded]').count()).toBe(8);
    expect(await page.title()).toBe('Pushrod');
  });

  it('can be read in a narrow window, and pushed again to what failed', async () => {
    await here.openSimulated();
    const { page } = here;
    const name = 'gateway-99-in-the-far-corner';
    const at = ['--address', '127.0.0.1:9', '--profile', 'simulated'];
    await cliJson(here.dataDir, ['devices', 'add', '--id', 'far', '--name', name, ...at]);
    await here.devices().getByLabel(`Select ${name}`).check();
    await here.devices().getByLabel('Select camera-02').check();
    await page.setViewportSize({ width: 800, height: 600 });
    await page.getByRole('button', { name: 'Push firmware…' }).click();
    await here
      .sheet()
      .locator('input[type=file]')
      .setInputFiles({ name: 'again-1.0.bin', mimeType: '', buffer: Buffer.alloc(5_000, 1) });
    await here.sheet().getByRole('button', { name: 'Push to 2 devices' }).click();
    await page.getByText('1 of 2 succeeded').waitFor();
    const row = page.locator('[data-device=far]');
    const isCut = (element: Element) => element.scrollWidth > element.clientWidth;
    for (const text of await row.getByRole('paragraph').all()) expect(await text.evaluate(isCut)).toBe(false);
    await page.getByRole('button', { name: 'Push again to the 1 failed' }).click();
    await here.sheet().getByText('again-1.0.bin').waitFor();
    await here.sheet().getByText('Login: user').waitFor();
    await here.sheet().getByRole('button', { name: 'Push to 1 device' }).click();
    await page.getByText('0 of 1 succeeded').waitFor();

    await page.getByRole('link', { name: 'Updates' }).click();
    const boxes = page.getByRole('checkbox', { name: /^Compare / });
    for (const index of [0, 1]) await boxes.nth(index).press('Space');
    const compared = page.getByRole('region', { name: 'Two updates side by side' });
    await compared.getByRole('row', { name: 'Failed 1 1' }).waitFor();
    await compared.getByText('No device of both came out otherwise.').waitFor();
    await compared.getByText(/^0 devices only in the first, 1 device only in the second/).waitFor();
  });
});
