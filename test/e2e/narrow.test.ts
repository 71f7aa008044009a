import { describe, expect, it } from 'vitest';
import { has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

/** In CSS pixels: a phone, the least width of the window, and a laptop's window at 200 %. */
const sizes = [
  { what: 'on a phone', width: 360, height: 740 },
  { what: 'in the narrowest window', width: 800, height: 600 },
  { what: 'at 200 % zoom', width: 590, height: 360 },
];

describe.runIf(has('chromium'))('in little room', () => {
  const here = usePage();
  const links = () => here.page.getByRole('navigation', { name: 'Main' }).getByRole('link');

  it.each(sizes)('$what nothing is cut off at the side, in any view or sheet', async ({ width, height }) => {
    await here.openSimulated();
    const { page } = here;
    await here.pushToSimulated('demo-1.0.bin', 4);
    await page.setViewportSize({ width, height });
    const tooWide: string[] = [];
    /** The page itself never scrolls sideways; a table may, within itself. */
    const look = async (where: string) => {
      const over = await page.evaluate(() => {
        const outer = document.querySelector('dialog[open]') ?? document.querySelector('main');
        return Math.max(
          document.documentElement.scrollWidth - innerWidth,
          (outer?.scrollWidth ?? 0) - (outer?.clientWidth ?? 0),
        );
      });
      if (over > 0) tooWide.push(`${where}: ${over} px`);
    };
    await look('an update');
    for (const name of await links().allTextContents()) {
      await links().filter({ hasText: name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await look(name);
    }
    await page.getByRole('button', { name: 'Push firmware…' }).click();
    await here
      .sheet()
      .getByLabel(/All 8 devices/)
      .waitFor();
    await look('the push sheet');
    await page.keyboard.press('Escape');
    await here.sheet().waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).waitFor();
    await look('the palette');
    expect(tooWide).toEqual([]);
  });
});
