import { describe, expect, it } from 'vitest';
import { has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('the navigation', () => {
  const here = usePage();
  const links = () => here.page.getByRole('navigation', { name: 'Main' }).getByRole('link');

  it('has every place in sight at 800 px, marks the one shown, and is walked by keyboard', async () => {
    await here.openSimulated();
    const { page } = here;
    await page.setViewportSize({ width: 800, height: 600 });
    const places = await links().allTextContents();
    expect(places.slice(0, 4)).toEqual(['Devices', 'Updates', 'Schedules', 'Firmware']);
    await links().first().focus();
    for (const name of places) {
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(name);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(await page.locator('nav [aria-current=page]').allTextContents()).toEqual([name]);
      const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(isTooWide, name).toBe(false);
      await page.keyboard.press('Tab');
    }
  });

  it('stays where it was when the page is loaded again', async () => {
    await here.open();
    await links().last().click();
    const name = (await links().last().textContent()) ?? '';
    await here.page.reload();
    await here.page.getByRole('heading', { level: 1, name }).waitFor();
  });

  it('leads to places that say so while Pushrod is away, offer nothing, and come back by themselves', async () => {
    await here.open();
    const { page } = here;
    await page.getByText('Put your bench on the list').waitFor();
    // What needs no Pushrod may stay.
    const offered = page.locator('main button:enabled:visible').filter({ hasNotText: 'Show the keys' });
    await here.end('SIGKILL');
    for (const name of ['Firmware', 'Profiles', 'Slots', 'Audit']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page
        .getByText(/ are shown once Pushrod is connected again\./)
        .first()
        .waitFor();
      expect(await offered.count(), name).toBe(0);
    }
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('heading', { name: 'Limits of this laptop' }).waitFor();
    expect(await offered.count()).toBe(0);
    await page.getByRole('link', { name: 'Profiles', exact: true }).click();
    await here.restart();
    await page.getByRole('rowheader', { name: 'rauc preset' }).waitFor();
    await page.getByRole('link', { name: 'Audit', exact: true }).click();
    await page.getByText('Nothing is on record yet.').waitFor();
  });
});
