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
});
