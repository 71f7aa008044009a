import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NamedSchedule, Site } from '../../src/shared/model/index.ts';
import { cliJson, has, makeFile } from '../harness/index.ts';
import { usePage } from './page-under-test.ts';

/** Two days off, one of them each year. */
const ics = [
  ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN'],
  ...['BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20260101T000000Z', 'DTSTART;VALUE=DATE:20261224', 'SUMMARY:Works closed'],
  ...['END:VEVENT', 'BEGIN:VEVENT', 'UID:2', 'DTSTAMP:20260101T000000Z', 'DTSTART;VALUE=DATE:20270501'],
  ...['SUMMARY:Labour Day', 'END:VEVENT', 'END:VCALENDAR', ''],
].join('\r\n');

describe.runIf(has('chromium'))('schedules on the page', () => {
  const here = usePage();
  const form = () => here.page.getByRole('dialog');
  const explanation = () => form().getByLabel('What that means');
  const schedules = async () =>
    (await cliJson<{ schedules: NamedSchedule[] }>(here.dataDir, ['schedules', 'list'])).schedules;
  const openSchedules = () => here.page.getByRole('link', { name: 'Schedules', exact: true }).click();

  /** With the simulated bench, a firmware in the library, and the list of schedules before one. */
  const begin = async () => {
    await here.openSimulated();
    const file = join(here.dir, 'gateway-2.6.bin');
    makeFile(file, 5_000);
    await cliJson(here.dataDir, ['firmware', 'add', file, '--version', '2.6']);
    await openSchedules();
  };
  const openForm = async (name: string) => {
    await here.page.getByRole('button', { name: 'New schedule…' }).click();
    await here.page.locator('input:focus').fill(name);
  };

  it('are shown as well when the last site is gone whose clock they follow', async () => {
    await begin();
    await cliJson(here.dataDir, ['sites', 'set', 'Roof', '--tz', 'Asia/Tokyo']);
    const times = ['--cron', '0 2 * * *', '--window-end', '04:00', '--tz', 'site'];
    const pushed = ['--firmware', 'latest', '--location', 'Roof'];
    await cliJson(here.dataDir, ['schedules', 'add', 'by-site', ...times, ...pushed]);
    await cliJson(here.dataDir, ['sites', 'remove', 'Roof']);
    await here.page.getByRole('table', { name: 'Schedules' }).getByRole('link', { name: 'by-site' }).click();
    await here.page.getByRole('heading', { name: 'by-site' }).waitFor();
    await here.page.getByRole('button', { name: 'Run now' }).waitFor();
  });

  it('are explained while they are typed, and what is wrong is said at its field', async () => {
    await begin();
    await here.page.getByText('Nothing is pushed by itself yet.').waitFor();
    await openForm('sundays');
    await form().getByLabel('Runs', { exact: true }).selectOption('On these weekdays');
    await form().getByLabel('Sun', { exact: true }).uncheck();
    await form().getByText('Tick one day of the week or more.').waitFor();
    const save = form().getByRole('button', { name: 'Make schedule' });
    expect(await save.isDisabled()).toBe(true);
    await form().getByLabel('Sat').check();
    await explanation().getByText('Saturdays at 02:00 in UTC, until 04:00').waitFor();

    await form().getByLabel('Runs', { exact: true }).selectOption('By a cron expression');
    const expression = form().getByLabel('Expression');
    expect(await expression.inputValue()).toBe('0 2 * * SAT');
    await expression.fill('61 25 * * SUN');
    await form().getByText('minute: "61" is not from 0 to 59; hour: "25" is not from 0 to 23').waitFor();
    expect(await expression.getAttribute('aria-invalid')).toBe('true');
    expect(await form().getByLabel('Next runs').count()).toBe(0);
    await expression.fill('0 2 * * SUN');
    await form().getByLabel('By the clock').selectOption('of another time zone');
    await form().getByLabel('Time zone').fill('Europe/Berln');
    await form().getByText('did you mean Europe/Berlin?').waitFor();
    await form().getByLabel('Time zone').fill('Europe/Berlin');
    await explanation().getByRole('status').getByText('Sundays at 02:00 in Berlin, until 04:00').waitFor();
    const runs = explanation().getByLabel('Next runs').getByRole('listitem');
    expect(await runs.count()).toBe(5);
    expect(await runs.first().textContent()).toContain('02:00 AM in Berlin');
    await explanation().getByText('which lasts one hour as clocks go forward').waitFor();
    await form().getByLabel('Cutoff, minutes').fill('30');
    await explanation().getByText('no device is started in the last 30 minutes').waitFor();
    await form().getByLabel('Its window ends').selectOption('after some time');
    await form().getByLabel('Minutes', { exact: true }).fill('20');
    await form().getByText('leaves no time to start a device in').waitFor();
    await form().getByLabel('Minutes', { exact: true }).fill('120');

    await form().getByText('How it is pushed').click();
    await form().getByLabel('Devices at once').fill('5000');
    await explanation().getByText('for two hours').waitFor();
    await save.click();
    await form().locator('input:focus[aria-invalid=true]').waitFor();
    expect(await form().getByLabel('Devices at once').inputValue()).toBe('5000');
    await form().getByLabel('Devices at once').fill('4');
    await form().getByText('Days without updates').click();
    await form().getByLabel('Day', { exact: true }).fill('2026-12-27');
    await form().getByLabel('What it is').fill('Family');
    await here.page.keyboard.press('Enter');
    await form().getByText('Days without updates (1)').waitFor();
    await save.click();
    await here.page.getByRole('heading', { name: 'sundays', exact: true }).waitFor();
    expect(await schedules()).toMatchObject([
      {
        starts: { kind: 'windows' },
        windows: [{ start: '0 2 * * SUN', durationMs: 7_200_000, tz: 'Europe/Berlin', cutoffMs: 1_800_000 }],
        blackouts: [{ date: '2026-12-27', name: 'Family' }],
        push: { firmware: 'latest', selection: { all: true }, concurrency: 4 },
      },
    ]);
  });

  it('run now, and link to the update; rest while disabled; are removed when that was confirmed', async () => {
    await begin();
    const { page } = here;
    await openForm('nightly');
    await form().getByLabel('Firmware').selectOption({ label: 'gateway-2.6.bin 2.6' });
    await form().getByLabel('Its window ends').selectOption('never: there is no window');
    await explanation().getByText('Every day at 02:00 in UTC').waitFor();
    await page.keyboard.press('Escape');
    await form().getByText('What you entered is not kept.').waitFor();
    await form().getByRole('button', { name: 'Stay' }).click();
    await form().getByLabel('Name').press('Enter');
    await page.getByText('It has not run yet.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
    await page.getByText('Pushes gateway-2.6.bin 2.6 to all devices.').waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    const run = page.getByRole('table', { name: 'Runs' }).locator('[data-run=started]');
    await run.getByText('completed').first().waitFor();
    await run.getByRole('link').click();
    await page.getByText('8 of 8 succeeded').waitFor();

    await openSchedules();
    const row = page.getByRole('table', { name: 'Schedules' }).getByRole('row', { name: /nightly/ });
    await row.getByText('completed').waitFor();
    await row.getByText(/^in \d/).waitFor();
    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('status').getByText('disabled').waitFor();
    await openSchedules();
    await row.getByText('disabled').waitFor();

    await openForm('nightly');
    await form().getByRole('button', { name: 'Make schedule' }).click();
    await form().getByText('there is a schedule "nightly" already').waitFor();
    expect(await form().locator('input:focus').inputValue()).toBe('nightly');
    await form().getByRole('button', { name: 'Cancel' }).click();
    await form().getByRole('button', { name: 'Close anyway' }).click();

    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.keyboard.press('Enter');
    await form().waitFor({ state: 'detached' });
    expect(await schedules()).toHaveLength(1);
    await page.getByRole('button', { name: 'Remove…' }).click();
    await form().getByRole('button', { name: 'Remove nightly' }).click();
    await page.getByText('Nothing is pushed by itself yet.').waitFor();
    expect(await schedules()).toEqual([]);
  });

  it('end after a day or so many runs, and say how late one may begin', async () => {
    await begin();
    await openForm('nightly');
    await form().getByText('How long it goes on').click();
    await form().getByLabel('No run after').fill('2001-01-01T00:00');
    await form().getByLabel('Runs at most').fill('3');
    await form().getByLabel('Late by at most, minutes').fill('30');
    await form().getByRole('button', { name: 'Make schedule' }).click();
    await form().getByText('no run of it is to come any more').first().waitFor();
    await form().getByLabel('No run after').fill('2999-01-01T00:00');
    await form().getByRole('button', { name: 'Make schedule' }).click();
    await here.page.getByText('At most 3 runs, of which 0 began.').waitFor();
    expect(await schedules()).toMatchObject([{ maxRuns: 3, graceMs: 1_800_000, endsAt: '2999-01-01T00:00:00.000Z' }]);
  });

  it('are in a calendar of the days to come, by the clock of each site, reached by keyboard', async () => {
    await begin();
    const { page } = here;
    await cliJson(here.dataDir, ['sites', 'set', 'Lab', '--tz', 'Asia/Tokyo']);
    const times = ['--cron', '0 2 * * *', '--window-end', '04:00', '--tz', 'site'];
    await cliJson(here.dataDir, [
      ...['schedules', 'add', 'by-site', ...times, '--firmware', 'latest', '--location', 'Roof'],
    ]);
    const calendar = page.getByRole('table', { name: 'The next two weeks' });
    const row = calendar.getByRole('row', { name: /by-site.*Lab, by the clock of Tokyo/ });
    await row.waitFor();
    const days = row.getByRole('link', { name: /^by-site, .* 02:00 AM–04:00 AM; here 05:00 PM–07:00 PM$/ });
    // In Tokyo it may be tomorrow already, and tomorrow's window over.
    expect(await days.count()).toBeGreaterThanOrEqual(12);
    await days.first().press('Enter');
    await page.getByRole('heading', { name: 'by-site' }).waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('status').getByText('disabled').waitFor();
    await openSchedules();
    await page.getByText('Nothing is due in the next two weeks.').waitFor();
  });

  it('tell of an update that waits for its window when that opens', async () => {
    await begin();
    const { page } = here;
    const window = ['--cron', '0 2 1 1 *', '--window-end', '04:00', '--tz', 'Europe/Berlin'];
    const [firmware] = (await cliJson<{ firmware: { sha256: string }[] }>(here.dataDir, ['firmware', 'list'])).firmware;
    const what = ['--firmware', firmware?.sha256 ?? '', '--all'];
    await cliJson(here.dataDir, ['schedules', 'add', 'yearly', ...window, ...what]);
    // It has come here by itself.
    await page.getByRole('link', { name: 'yearly' }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('waits for its window').waitFor();
    await page.getByRole('table', { name: 'Runs' }).getByRole('link').click();
    await page.getByText(/It waits for its window, which opens\s+Fri, Jan 1, \d+, 01:00 AM,\s+in \d+ \w+/).waitFor();
  });

  it('that the form cannot say stay as they were, whatever else is changed', async () => {
    await begin();
    const { page } = here;
    const windows = [
      '--cron',
      '0 2 * * *',
      '--window-end',
      '04:00',
      '--tz',
      'UTC',
      '--and-window',
      '0 22 * * FRI for 2h',
    ];
    await cliJson(here.dataDir, ['schedules', 'add', 'twice', ...windows, '--firmware', 'latest', '--location', 'Lab']);
    const [before] = await schedules();
    await page.goto(`${new URL(page.url()).origin}/#/schedules/twice`);
    await page.getByRole('button', { name: 'Change…' }).click();
    expect(await form().getByLabel('Runs', { exact: true }).locator('option:checked').textContent()).toBe(
      'As it does now',
    );
    await form().getByLabel('Devices', { exact: true }).selectOption('All devices');
    await form().getByRole('button', { name: 'Save' }).click();
    await page.getByText('to all devices').waitFor();
    const [after] = await schedules();
    expect(after).toMatchObject({ windows: before?.windows, push: { selection: { all: true } } });
  });

  it('go by the clocks and holidays of sites, which are set here', async () => {
    await begin();
    const { page } = here;
    await page.setViewportSize({ width: 800, height: 600 });
    await openForm('by-site');
    await form().getByLabel('By the clock').selectOption('of each site');
    await form().getByText('no location has a time zone yet').waitFor();
    await form().getByRole('button', { name: 'Close', exact: true }).click();
    await form().getByRole('button', { name: 'Close anyway' }).click();

    await page.getByRole('button', { name: 'Set a site…' }).click();
    await form().getByLabel('Location').fill('Hall 1');
    await form().getByLabel('Time zone').fill('Mars/Olympus');
    const calendar = form().getByLabel('Holidays from a calendar');
    await calendar.setInputFiles({ name: 'bad.ics', mimeType: 'text/calendar', buffer: Buffer.from('no calendar') });
    await form().getByRole('alert').waitFor();
    const file = join(here.dir, 'holidays.ics');
    writeFileSync(file, ics);
    await calendar.setInputFiles(file);
    await form().getByText('Works closed').waitFor();
    expect(await form().getByRole('alert').count()).toBe(0);
    await form()
      .getByRole('button', { name: /^Remove Labour Day/ })
      .click();
    await form().getByRole('button', { name: 'Set site' }).click();
    await form().getByText('is no time zone').waitFor();
    await form().locator('input:focus[aria-invalid=true]').fill('Asia/Tokyo');
    await page.keyboard.press('Enter');
    const row = page.getByRole('table', { name: 'Sites' }).getByRole('row', { name: /Hall 1/ });
    await row.getByText('1 day').waitFor();
    const { sites } = await cliJson<{ sites: Site[] }>(here.dataDir, ['sites', 'list']);
    expect(sites).toEqual([
      { location: 'Hall 1', zone: 'Asia/Tokyo', blackouts: [{ date: '2026-12-24', name: 'Works closed' }] },
    ]);

    await openForm('by-site');
    await form().getByLabel('By the clock').selectOption('of each site');
    await explanation().getByText('Every day at 02:00 by the clock of each site, until 04:00').waitFor();
    await form().getByLabel('Its window ends').selectOption('never: there is no window');
    await form().getByText('say when the window ends; else all of them would begin at once').waitFor();
    await form().getByRole('button', { name: 'Close', exact: true }).click();
    await form().getByRole('button', { name: 'Close anyway' }).click();
    await row.getByRole('button', { name: 'Remove Hall 1' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
    const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(isTooWide).toBe(false);
  });
});
