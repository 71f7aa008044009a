import { describe, expect, it } from 'vitest';
import { has } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

describe.runIf(has('chromium'))('the command palette', () => {
  const here = usePage();
  const palette = () => here.page.getByRole('dialog', { name: 'Commands' });

  it('goes to a place, by keyboard alone, and gives the focus back when it is closed', async () => {
    await here.openSimulated();
    const { page } = here;
    await page.keyboard.press('Control+k');
    await palette().waitFor();
    await page.keyboard.type('sched');
    await palette()
      .getByRole('option', { name: /Schedules/ })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Schedules', exact: true }).waitFor();
    await palette().waitFor({ state: 'detached' });

    const link = page.getByRole('link', { name: 'Devices' });
    await link.focus();
    await page.keyboard.press('Control+k');
    await palette().waitFor();
    await page.keyboard.press('Escape');
    await palette().waitFor({ state: 'detached' });
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('opens the push sheet, changes the theme, and says what it does not find', async () => {
    await here.openSimulated();
    const { page } = here;
    await page.getByRole('button', { name: /^Commands/ }).click();
    await palette()
      .getByRole('option', { name: /Push firmware/ })
      .click();
    await here.sheet().waitFor();
    await page.keyboard.press('Control+k');
    expect(await palette().count()).toBe(0);
    await page.keyboard.press('Escape');
    await here.sheet().waitFor({ state: 'detached' });

    await page.keyboard.press('Control+k');
    await page.keyboard.type('dark theme');
    await palette().getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');

    await page.keyboard.press('Control+k');
    await page.keyboard.type('zzzz');
    await palette().getByText('Nothing here is called “zzzz”.').waitFor();
  });

  it('finds devices by name and address', async () => {
    await here.openSimulated();
    await here.page.keyboard.press('Control+k');
    await palette().waitFor();
    await here.page.keyboard.type('camera-02');
    await palette()
      .getByRole('option', { name: /camera-02/ })
      .waitFor();
    await palette().getByRole('option').nth(1).waitFor({ state: 'detached' });
  });

  it('does what can be done with the devices, and offers the rest not', async () => {
    await here.openSimulated();
    const { page } = here;
    const choose = async (typed: string, name: string) => {
      await page.keyboard.press('Control+k');
      await palette().waitFor();
      await page.keyboard.type(typed);
      await palette().getByRole('option', { name }).waitFor();
      await page.keyboard.press('Enter');
      await palette().waitFor({ state: 'detached' });
    };
    await page.keyboard.press('Control+k');
    await palette()
      .getByRole('option', { name: /Add device/ })
      .waitFor();
    expect(await palette().getByRole('option', { name: 'Check which answer' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await palette().waitFor({ state: 'detached' });
    await choose('select all', 'Select all 8');
    await page.getByText('All 8 devices are selected.').waitFor();
    await choose('check', 'Check which answer');
    await page.getByText('8 devices answered; none is out of reach.').waitFor();
    await choose('filters', 'Filters');
    await page.getByRole('complementary', { name: 'Filters' }).waitFor();
    await choose('columns', 'Columns');
    await page.getByRole('dialog', { name: 'Columns of the list' }).waitFor();
    await page.keyboard.press('Escape');
    await choose('clear sel', 'Clear selection');
    await page.getByText('8 devices', { exact: true }).waitFor();
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Add a device' }).waitFor();
  });
});

describe.runIf(has('chromium'))('keys', () => {
  const here = usePage();

  it('go to each place, and stay letters where text is typed', async () => {
    await here.openSimulated();
    const { page } = here;
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'Updates', exact: true }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await here.devices().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('gu');
    await page.waitForFunction(
      () => document.activeElement instanceof HTMLInputElement && document.activeElement.value === 'gu',
    );
    expect(new URL(page.url()).hash).toMatch(/^#\/devices/);
  });

  it('are listed, and can be switched off for who dictates', async () => {
    await here.openSimulated();
    const { page } = here;
    await page.keyboard.press('Shift+?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await keys.getByText('Push firmware…').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await here.sheet().waitFor();
    await page.keyboard.press('Escape');
    await here.sheet().waitFor({ state: 'detached' });

    await page.goto(`${new URL('/', here.url).href}#/settings`);
    await page.getByLabel('Single letters do something').uncheck();
    await page.getByRole('heading', { name: 'Settings' }).click();
    await page.keyboard.press('p');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).waitFor();
    expect(await here.sheet().count()).toBe(0);
  });
});
