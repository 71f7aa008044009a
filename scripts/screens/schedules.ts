import type { App } from '../../src/main/app.ts';
import type { Camera } from './camera.ts';

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

/** The schedules, and an update that waits for its window. */
export async function takeSchedules({ page, shoot }: Camera): Promise<void> {
  await page.getByRole('link', { name: 'Schedules', exact: true }).click();
  const table = page.getByRole('table', { name: 'Schedules' });
  await table
    .getByText(/completed|failed/)
    .first()
    .waitFor();
  await shoot('schedules', 'Schedules, and the windows of the next two weeks', 'phone');
  await page.getByRole('button', { name: 'New schedule…' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('routers-sundays');
  await form.getByLabel('Runs', { exact: true }).selectOption('Every Sunday');
  await form.getByLabel('By the clock').selectOption('of another time zone');
  await form.getByLabel('Time zone').fill('Europe/Berlin');
  await form.getByRole('status').getByText('Sundays at 02:00 in Berlin').waitFor();
  await shoot('schedule-form', 'A schedule in plain language', 'phone');
  await form.getByLabel('Runs', { exact: true }).selectOption('By a cron expression');
  await form.getByLabel('Expression').fill('0 25 * * SUN');
  await form.getByText('hour: ').waitFor();
  await shoot('schedule-form-fault', 'An expression that cannot be used');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await form.getByRole('button', { name: 'Close anyway' }).click();
  await table.getByRole('link', { name: 'new-york-sundays' }).click();
  const runs = page.getByRole('table', { name: 'Runs' });
  await runs.waitFor();
  await shoot('schedule', 'One schedule, and what came of its runs');
  await runs.getByRole('link').first().click();
  await page.getByText('It waits for its window').waitFor();
  await shoot('update-waiting', 'An update that waits for its window');
  await page.getByRole('link', { name: 'Schedules', exact: true }).click();
  await page.getByRole('button', { name: 'Change Hall 1' }).click();
  await form.getByText('New Year').waitFor();
  await shoot('site', 'A site: its time zone and holidays');
  await form.getByRole('button', { name: 'Cancel' }).click();
}
