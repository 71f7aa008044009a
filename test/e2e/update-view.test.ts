import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliJson, dropFile, has, makeFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

const mib = 1024 * 1024;

describe.runIf(has('chromium'))('an update on the page', () => {
  const here = usePage();
  const { sheet } = here;
  const update = (state: string) => here.page.locator(`[data-update-state=${state}]`);
  const button = (name: string) => here.page.getByRole('button', { name });
  const dialog = () => here.page.getByRole('dialog');

  /** Opens the sheet for a dropped file and all devices; the rest is chosen by the test. */
  const prepare = async (fileName: string, bytes: number) => {
    const file = join(here.dir, fileName);
    makeFile(file, bytes);
    await dropFile(here.page, file);
    await sheet()
      .getByLabel(/All \d+ devices/)
      .check();
  };
  const push = () =>
    sheet()
      .getByRole('button', { name: /^Push to/ })
      .click();
  const more = async (name: string) => {
    await button('More').click();
    await button(name).click();
  };

  /** Until so many cells of the grid have a colour of the theme that is on. */
  const waitForCells = (count: number, colour: string) =>
    here.page.waitForFunction(
      ([wanted, name]) => {
        const canvas = document.querySelector('canvas[aria-hidden]') as HTMLCanvasElement | null;
        const context = canvas?.getContext('2d');
        if (!canvas || !context) return false;
        const hex = getComputedStyle(canvas).getPropertyValue(`--${name}`).trim();
        const sidePx = 30 * devicePixelRatio;
        const cells = Array.from(
          { length: wanted },
          (_, index) => context.getImageData(index * sidePx + 2, 2, 1, 1).data,
        );
        const hexOf = ([red = 0, green = 0, blue = 0]: Uint8ClampedArray) =>
          `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
        return cells.every((cell) => hexOf(cell) === hex);
      },
      [count, colour] as const,
    );

  it('goes phase by phase, each begun by a word', async () => {
    await here.openSimulated();
    const { page } = here;
    await prepare('phases-1.0.bin', 20_000);
    await sheet().getByLabel('In phases').check();
    await sheet().getByLabel('Phases', { exact: true }).fill('1, 50 %, 100 %');
    await sheet().getByLabel('Each further phase waits').check();
    await push();
    const phases = page.getByRole('list', { name: 'Phases' }).getByRole('listitem');
    await page.getByText('Phase 1 has ended and waits for approval.').waitFor();
    expect(await phases.count()).toBe(3);
    await phases.nth(0).getByText('1 of 1 succeeded').waitFor();
    expect(await phases.nth(0).getAttribute('aria-current')).toBe('step');
    expect(await button('Resume').count()).toBe(0);
    await phases.nth(1).getByRole('button', { name: 'Begin phase 2' }).press('Enter');
    await page.getByText('Phase 2 has ended and waits for approval.').waitFor();
    await phases.nth(1).getByText('3 of 3 succeeded').waitFor();
    await button('Begin phase 3').click();
    await page.getByText('8 of 8 succeeded').waitFor();
  });

  it('is paused, gone on with, and given other limits while it runs', async () => {
    await here.openSimulated();
    const { page } = here;
    await prepare('paced-1.0.bin', 4 * mib);
    await sheet().getByText('Limits and safeguards').click();
    await sheet().getByLabel('Rate, MiB/s').fill('0.5');
    await push();
    await update('running').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill('Pause');
    await page
      .getByRole('option', { name: /^Pause/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await update('paused').waitFor();
    await page.getByText('It was paused on request.').waitFor();
    expect(await button('Pause').count()).toBe(0);
    await button('Resume').click();
    await update('running').waitFor();

    await button('Cancel push').click();
    await dialog().getByRole('button', { name: 'Let it go on' }).click();
    await dialog().waitFor({ state: 'detached' });
    await more('Change limits…');
    const change = dialog().getByRole('button', { name: 'Change', exact: true });
    expect(await change.isDisabled()).toBe(true);
    const atOnce = dialog().getByLabel('Devices at once');
    expect(await atOnce.inputValue()).toBe('32');
    expect(await dialog().getByLabel('MiB/s').inputValue()).toBe('0.5');
    await atOnce.fill('5000');
    await change.click();
    await dialog().locator('input:focus[aria-invalid=true]').waitFor();
    await atOnce.fill('6');
    await dialog().getByLabel('Rate, all devices together').selectOption('no limit');
    await change.click();
    await page.getByText('From now on: at most 6 devices at once, no limit of the rate.').waitFor();
    // At half a MiB a second it would take a minute.
    await page.getByText('8 of 8 succeeded').waitFor({ timeout: 25_000 });
    await page.getByRole('img', { name: /Rate over time: .* at most/ }).waitFor();
  });

  it('brings files now, and activates them when a person says so', async () => {
    await here.openSimulated();
    const { page } = here;
    await prepare('staged-1.0.bin', 20_000);
    await sheet().getByText('Limits and safeguards').click();
    await sheet().getByLabel('Stage only').check();
    await push();
    await page.locator('[data-state=staged]').nth(7).waitFor();
    await update('completed').waitFor();
    const bar = page.getByRole('progressbar', { name: 'Whole update' }).locator('.bar').first();
    expect(await bar.getAttribute('class')).not.toContain('good');
    await button('Activate 8 staged…').click();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(await page.locator('[data-state=staged]').count()).toBe(8);
    await button('Activate 8 staged…').click();
    await dialog().getByRole('button', { name: 'Activate 8 devices' }).click();
    await page.getByText('8 of 8 succeeded').waitFor();
    expect(await bar.getAttribute('class')).toContain('good');
  });

  it('groups what failed by its cause, and tries those again: as they are, or with another push', async () => {
    await here.openSimulated();
    const { page } = here;
    const at = ['--address', '127.0.0.1:9', '--profile', 'simulated'];
    for (const id of ['far-1', 'far-2'])
      await cliJson(here.dataDir, ['devices', 'add', '--id', id, '--name', id, ...at]);
    await prepare('again-1.0.bin', 20_000);
    await push();
    await page.getByText('8 of 10 succeeded').waitFor();
    const cause = page.getByRole('list', { name: 'Causes of failure' }).getByRole('listitem');
    await cause.getByText('2 devices could not be reached.').waitFor();
    expect(await cause.count()).toBe(1);

    await cause.getByRole('button', { name: 'Push to these 2 again…' }).click();
    await sheet().getByLabel('2 failed devices').waitFor();
    await sheet().getByLabel('What would happen').getByText('2 go', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await sheet().waitFor({ state: 'detached' });

    const { devices } = await cliJson<{ devices: { name: string; address: string }[] }>(here.dataDir, [
      'devices',
      'list',
    ]);
    const address = devices.find(({ name }) => name === 'camera-02')?.address ?? '';
    await cliJson(here.dataDir, ['devices', 'update', 'far-1', '--address', address]);
    await button('Retry the 2 failed').click();
    await page.getByText('9 of 10 succeeded').waitFor();
    await cause.getByText('1 device could not be reached.').waitFor();
  });

  it('tells what happened to which device, what its commands said, and leaves out or retries only the chosen', async () => {
    await here.openSimulated();
    const { page } = here;
    const at = ['--address', '127.0.0.1:9', '--profile', 'simulated'];
    for (const id of ['far-1', 'far-2'])
      await cliJson(here.dataDir, ['devices', 'add', '--id', id, '--name', id, ...at]);
    await prepare('told-1.0.bin', 4 * mib);
    await sheet().getByText('Limits and safeguards').click();
    await sheet().getByLabel('Devices at once').fill('3');
    await sheet().getByLabel('Rate, MiB/s').fill('0.5');
    await push();
    const pending = page.locator('[data-state=pending]').first();
    const left = (await pending.getByRole('strong').textContent()) ?? '';
    await pending.getByLabel(`Choose ${left}`).press('Space');
    await button('Leave 1 out…').press('Enter');
    await dialog().getByText(`${left}.`).waitFor();
    await dialog().getByRole('button', { name: 'Leave 1 out' }).press('Enter');
    await page.locator('[data-state=skipped]').getByText(left).waitFor();
    await more('Change limits…');
    await dialog().getByLabel('Rate, all devices together').selectOption('no limit');
    await dialog().getByRole('button', { name: 'Change', exact: true }).click();
    await update('completed').waitFor({ timeout: 25_000 });

    await page.locator('[data-device=far-1]').getByLabel('Choose far-1').check();
    await page.getByText('1 device chosen').waitFor();
    await button('Retry 1 of them').click();
    await update('completed').waitFor();
    await button('Event log').press('Enter');
    const log = page.getByRole('region', { name: 'Event log' });
    await log.getByText('completed').first().waitFor();
    await page.getByLabel('Only of').fill('far-1');
    await log.getByRole('listitem').filter({ hasText: 'failed' }).nth(1).waitFor();
    await page.getByLabel('Only of').fill('far-2');
    expect(await log.getByRole('listitem').filter({ hasText: 'failed' }).count()).toBe(1);
    await page.getByLabel('Only of').fill('');
    const text = await page.evaluate(async () => {
      const copied: string[] = [];
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (one: string) => copied.push(one) } });
      document.querySelector<HTMLButtonElement>('button[aria-label="Copy the event log"]')?.click();
      await Promise.resolve();
      return copied[0] ?? '';
    });
    expect(text.split('\n')[0]).toContain('running');
    expect(text).toContain(`\t${left}\tskipped`);
    // It is on record: the page loaded anew tells the same.
    const events = await page.getByText(/^\d+ events$/).textContent();
    await page.reload();
    await button('Event log').click();
    await page.getByText(events ?? '').waitFor();
    await button('Command outputs').click();
    await page.getByRole('region', { name: 'Command outputs' }).getByText('exit code 0').first().waitFor();
  });

  it('is shown cell by cell, to the keyboard as well, and written down as a report', async () => {
    await here.openSimulated();
    const { page } = here;
    await prepare('cells-1.0.bin', 20_000);
    await push();
    await page.getByText('8 of 8 succeeded').waitFor();
    await waitForCells(8, 'good');
    await button('Dark theme').click();
    await waitForCells(8, 'good');
    const fleet = page.getByRole('application', { name: /8 devices, one cell each/ });
    await fleet.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    const said = page.getByLabel('Fleet').getByRole('status');
    const [name] = ((await said.textContent()) ?? '').split(':');
    await page.keyboard.press('Enter');
    expect(await page.locator('[data-device]').count()).toBe(1);
    await page
      .locator('[data-device]')
      .getByText(name ?? '')
      .waitFor();
    await button('All').click();
    expect(await page.locator('[data-device]').count()).toBe(8);

    const download = page.waitForEvent('download');
    await more('Report as a table (CSV)');
    const report = await download;
    expect(report.suggestedFilename()).toMatch(/\.csv$/);
    expect(readFileSync(await report.path(), 'utf8')).toContain(name);
  });

  it('draws only what is in sight of very many that failed, and leads to each of them by keyboard', async () => {
    await here.openSimulated();
    const { page } = here;
    const list = join(here.dir, 'far.csv');
    const rows = Array.from({ length: 292 }, (_, index) => `far-${index},127.0.0.1:9,simulated`);
    writeFileSync(list, ['name,address,profile', ...rows].join('\n'));
    await cliJson(here.dataDir, ['devices', 'import', list]);
    await prepare('many-1.0.bin', 20_000);
    await push();
    await update('completed').waitFor({ timeout: 60_000 });
    await page.getByText('292 devices could not be reached.').waitFor();
    const region = page.getByRole('region', { name: 'Devices' });
    const row = (place: number) => region.locator(`[aria-posinset="${place}"][aria-setsize="300"]`);
    await row(1).waitFor();
    expect(await page.locator('[data-device]').count()).toBeLessThan(60);
    // What has the focus is still there when the list is scrolled.
    await row(2).getByRole('checkbox').press('Space');
    await region.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await row(300).locator('[data-state=succeeded]').waitFor();
    expect(await row(2).getByRole('checkbox').isChecked()).toBe(true);
    expect(await row(100).count()).toBe(0);
    await region.focus();
    await page.keyboard.press('Home');
    await row(1).waitFor();
    // Rows that are as high as their text lie one below the other.
    const boxes = await Promise.all([1, 2, 3].map((place) => row(place).boundingBox()));
    const gaps = boxes
      .slice(1)
      .map((box, index) => (box?.y ?? 0) - (boxes[index]?.y ?? 0) - (boxes[index]?.height ?? 0));
    expect(gaps.map(Math.round)).toEqual([0, 0]);
  });

  it('says how it was asked for, in words', async () => {
    await here.openSimulated();
    const { page } = here;
    await prepare('asked-1.0.bin', 20_000);
    await sheet().getByLabel('In phases').check();
    await sheet().getByLabel('Phases', { exact: true }).fill('1, 100 %');
    await sheet().getByText('Limits and safeguards').click();
    await sheet().getByLabel('Stop after failures').fill('10 %');
    await sheet().getByLabel('When', { exact: true }).selectOption('In an update window');
    await push();
    await page.getByText('It waits for its window').waitFor();
    await page.getByText('How it was asked for').press('Enter');
    await page.getByText('1 device, then 100 %').waitFor();
    await page.getByText('more than 10 %').waitFor();
    await page.getByText(/^(Every|At|On) .*until/).waitFor();
  });

  it('keeps the figures and what can be done in sight however long the names are', async () => {
    await here.openSimulated();
    const { page } = here;
    await prepare(`${'x'.repeat(150)}-1.0.bin`, 20_000);
    await page.setViewportSize({ width: 390, height: 800 });
    await push();
    await page.getByText('8 of 8 succeeded').waitFor();
    const box = await page.getByRole('region', { name: 'Overview' }).boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(735);
    for (const width of [390, 800, 1180]) {
      await page.setViewportSize({ width, height: 800 });
      const more = await button('More').boundingBox();
      expect((more?.x ?? 0) + (more?.width ?? 0)).toBeLessThanOrEqual(width);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });

  it('is seen in a second window as well, also when it goes on after its end', async () => {
    await here.openSimulated();
    const { page } = here;
    await prepare('twice-1.0.bin', 4 * mib);
    await sheet().getByText('Limits and safeguards').click();
    await sheet().getByLabel('Rate, MiB/s').fill('0.5');
    await push();
    await update('running').waitFor();
    const state = await page.context().storageState();
    const other = await here.browser.newPage({ storageState: state, locale: 'en-US' });
    await other.goto(page.url());
    await other.getByRole('button', { name: 'Cancel push' }).press('Enter');
    await button('Cancel push').click();
    await other.getByRole('dialog').getByRole('button', { name: 'Cancel the push' }).press('Enter');
    await update('cancelled').waitFor();
    // What was asked here cannot be done any more.
    await dialog().getByText('It has ended meanwhile.').waitFor();
    expect(await dialog().getByRole('button', { name: 'Cancel the push' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await more('Retry all, also the 8 left out');
    await update('running').waitFor();
    await other.locator('[data-update-state=running]').waitFor();
    await other.close();
  });

  it('shows the keys of several devices one after the other, and no more of them once one is not trusted', async () => {
    await here.openSimulated();
    const { page } = here;
    await prepare('keys-1.0.bin', 20_000);
    await sheet().getByLabel('Unknown host keys').selectOption('strict');
    await push();
    await update('completed').waitFor();
    await button('Look at the 8 keys…').press('Enter');
    await dialog().getByText('Key 1 of 8').waitFor();
    await dialog().getByLabel('I have compared this key').press('Space');
    await dialog().getByRole('button', { name: 'Trust this key' }).press('Enter');
    await dialog().getByText('Key 2 of 8').waitFor();
    // The next one asks for its own comparison, and its way out has the focus.
    expect(await dialog().getByLabel('I have compared this key').isChecked()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Do not trust it');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('1 of 8 succeeded').waitFor();
    const { hosts } = await cliJson<{ hosts: unknown[] }>(here.dataDir, ['hosts', 'list']);
    expect(hosts).toHaveLength(1);
  });

  it('says that there is no such update, and leads to those that there are', async () => {
    await here.open();
    const { page } = here;
    await page.goto(new URL('/#/updates/nonsense', here.url).href);
    await page.getByText('There is no update with the id "nonsense".').waitFor();
    await page.getByRole('link', { name: 'All updates' }).click();
    await page.getByText('Nothing was pushed yet.').waitFor();
  });
});
