import type { Page } from 'playwright-core';
import type { App } from '../src/main/app.ts';

/** What the pictures of schedules show: some that ran, wait, or rest, and two sites. */
export async function setUpSchedules(app: App): Promise<void> {
  const client = app.client('terminal');
  const { firmware: library } = await client.firmware.list();
  const firmware = library[0]?.sha256 ?? 'latest';
  const push = { firmware, selection: { all: true } } as const;
  const sunday = { start: '0 2 * * SUN', end: '04:00', cutoffMs: 1_800_000 };
  const set = (name: string, times: object, further = {}) =>
    client.schedules.set({ name, schedule: { starts: { kind: 'windows' }, push: { ...push, ...further }, ...times } });
  await client.sites.set({
    ...{ location: 'Hall 1', zone: 'Europe/Berlin' },
    blackouts: [
      { date: '2026-12-25', name: 'Christmas' },
      { date: '2027-01-01', name: 'New Year' },
    ],
  });
  await client.sites.set({ location: 'Osaka roof', zone: 'Asia/Tokyo' });
  await set(
    'cameras-weekly',
    { windows: [{ ...sunday, tz: 'site' }] },
    { firmware: 'latest', selection: { filter: { location: ['Hall 1'] } } },
  );
  await set('gateways-nightly', { starts: { kind: 'cron', cron: '0 2 * * *', tz: 'Europe/Berlin' } });
  await set('new-york-sundays', { windows: [{ ...sunday, tz: 'America/New_York' }] });
  await client.schedules.enable({ name: 'cameras-weekly', isEnabled: false });
  await client.schedules.runNow({ name: 'gateways-nightly' });
  await client.schedules.runNow({ name: 'new-york-sundays' });
}

/** Takes a picture of each view of schedules, in the theme that is on. */
export async function takeSchedules(page: Page, shoot: (name: string) => Promise<unknown>): Promise<void> {
  await page.getByRole('link', { name: 'Schedules', exact: true }).click();
  const table = page.getByRole('table', { name: 'Schedules' });
  await table
    .getByText(/completed|failed/)
    .first()
    .waitFor();
  await shoot('schedules');
  await page.getByRole('button', { name: 'New schedule…' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('routers-sundays');
  await form.getByLabel('Runs', { exact: true }).selectOption('Every Sunday');
  await form.getByLabel('By the clock').selectOption('of another time zone');
  await form.getByLabel('Time zone').fill('Europe/Berlin');
  await form.getByRole('status').getByText('Sundays at 02:00 in Berlin').waitFor();
  await shoot('schedule-form');
  await form.getByLabel('Runs', { exact: true }).selectOption('By a cron expression');
  await form.getByLabel('Expression').fill('0 25 * * SUN');
  await form.getByText('hour: ').waitFor();
  await shoot('schedule-form-fault');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await form.getByRole('button', { name: 'Close anyway' }).click();
  await table.getByRole('link', { name: 'new-york-sundays' }).click();
  const runs = page.getByRole('table', { name: 'Runs' });
  await runs.waitFor();
  await shoot('schedule');
  await runs.getByRole('link').first().click();
  await page.getByText('It waits for its window').waitFor();
  await shoot('update-waiting');
  await page.getByRole('link', { name: 'Schedules', exact: true }).click();
  await page.getByRole('button', { name: 'Change Hall 1' }).click();
  await form.getByText('New Year').waitFor();
  await shoot('site');
  await form.getByRole('button', { name: 'Cancel' }).click();
}
