import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cliJson, makeFile, runCli, temporaryDir } from '../../test/harness/index.ts';
import type { AuditEntry, NamedSchedule, ScheduleRun } from '../shared/model/index.ts';

const dir = temporaryDir();
const dataDir = join(dir, 'data');
const firmware = join(dir, 'gw-1.2.bin');
const holidays = join(dir, 'holidays.ics');
const pushed = ['--firmware', firmware, '--all'];
const sundays = ['--cron', '0 2 * * SUN', '--window-end', '04:00', '--tz', 'Europe/Berlin', '--cutoff', '30m'];

beforeAll(async () => {
  makeFile(firmware, 1_000);
  const event = ['BEGIN:VEVENT', 'UID:1', 'DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas', 'END:VEVENT'];
  writeFileSync(
    holidays,
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...event, 'END:VCALENDAR', ''].join('\r\n'),
  );
  await cliJson(dataDir, ['devices', 'add', '--name', 'gw', '--address', '127.0.0.1:1', '--location', 'Roof']);
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', 'root', '--password-stdin'], 'secret');
});

describe('schedules in the terminal', () => {
  it('are added, shown, disabled, run out of turn and removed', async () => {
    const added = await cliJson<NamedSchedule>(dataDir, ['schedules', 'add', 'nightly', ...sundays, ...pushed]);
    expect(added).toMatchObject({ name: 'nightly', isEnabled: true, starts: { kind: 'windows' }, runs: 0 });
    expect(added.windows).toEqual([{ start: '0 2 * * SUN', tz: 'Europe/Berlin', end: '04:00', cutoffMs: 1_800_000 }]);
    const { stdout: list } = await runCli(dataDir, ['schedules', 'list']);
    expect(list).toContain('Sundays at 02:00 in Berlin, until 04:00');
    const next = ['schedules', 'next', 'nightly', '--from', '2027-03-27T12:00:00Z', '-n', '2'];
    expect(await cliJson(dataDir, next)).toEqual({ runs: ['2027-03-28T01:00:00.000Z', '2027-04-04T00:00:00.000Z'] });

    expect(await cliJson(dataDir, ['schedules', 'disable', 'nightly'])).toMatchObject({ nextRunAt: null });
    expect(await cliJson(dataDir, ['schedules', 'enable', 'nightly'])).toMatchObject({ isEnabled: true });
    const run = await cliJson<ScheduleRun>(dataDir, ['schedules', 'run', 'nightly']);
    expect(run).toMatchObject({ state: 'started', updates: [{ state: 'scheduled', total: 1 }] });
    const again = await runCli(dataDir, ['schedules', 'run', 'nightly', '--json']);
    expect([again.code, JSON.parse(again.stdout).error.code]).toEqual([2, 'CONFLICT']);
    const { runs } = await cliJson<{ runs: ScheduleRun[] }>(dataDir, ['schedules', 'history', 'nightly']);
    expect(runs).toMatchObject([{ state: 'started', count: 1 }]);

    expect(await cliJson(dataDir, ['schedules', 'remove', 'nightly'])).toEqual({ removed: 'nightly' });
    const gone = await runCli(dataDir, ['schedules', 'get', 'nightly', '--json']);
    expect([gone.code, JSON.parse(gone.stdout).error.code]).toEqual([4, 'SCHEDULE_NOT_FOUND']);
    const { entries } = await cliJson<{ entries: AuditEntry[] }>(dataDir, ['updates', 'audit']);
    const actions = entries.filter(({ subject }) => subject === 'schedule').map(({ action }) => action);
    expect(actions).toEqual(['set', 'disabled', 'enabled', 'begun out of turn', 'removed']);
  });

  it('take further windows, holidays, an end, and the newest firmware', async () => {
    const more = ['--and-window', '0 22 * * FRI for 2h', '--holidays', holidays, '--blackout', '2026-12-27'];
    const ends = [
      '--ends',
      '2027-01-10T00:00:00Z',
      '--max-runs',
      '9',
      '--grace',
      '1h',
      '--firmware',
      'latest',
      '--all',
    ];
    const set = await cliJson(dataDir, ['schedules', 'add', 'busy', ...sundays, ...more, ...ends]);
    expect(set).toMatchObject({
      windows: [{ end: '04:00' }, { start: '0 22 * * FRI', durationMs: 7_200_000 }],
      blackouts: [{ date: '2026-12-27' }, { date: '2026-12-25', name: 'Christmas' }],
      ...{ endsAt: '2027-01-10T00:00:00.000Z', maxRuns: 9, graceMs: 3_600_000 },
      push: { firmware: 'latest' },
    });
    const { runs } = await cliJson<{ runs: string[] }>(dataDir, [
      'schedules',
      'next',
      'busy',
      '--from',
      '2026-12-20T12:00:00Z',
    ]);
    // Neither Friday the 25th nor Sunday the 27th, and nothing after the end.
    expect(runs).toEqual(['2027-01-01T21:00:00.000Z', '2027-01-03T01:00:00.000Z', '2027-01-08T21:00:00.000Z']);
    const twice = await runCli(dataDir, ['schedules', 'add', 'busy', ...sundays, ...pushed]);
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('--replace')]);
    const once = ['--at', '2030-01-01T00:00:00Z', '--replace'];
    expect(await cliJson(dataDir, ['schedules', 'add', 'busy', ...once, ...pushed])).toMatchObject({
      starts: { kind: 'once', at: '2030-01-01T00:00:00.000Z' },
      windows: [],
    });
  });

  it.each([
    ['no time', [], 'cron', 'Say when it runs'],
    ['two times', ['--cron', '@daily', '--at', '2030-01-01T00:00:00Z'], 'cron', 'Say when it runs'],
    ['no zone', ['--cron', '@daily'], 'tz', '--tz Europe/Berlin'],
    ['an hour that is none', ['--cron', '0 25 * * *', '--tz', 'UTC'], 'hour', 'from 0 to 23'],
    ['a zone that is none', ['--cron', '@daily', '--tz', 'Berlim'], 'tz', 'did you mean Europe/Berlin'],
    ['a zone of a time', ['--at', '2099-12-01T00:00:00Z', '--tz', 'UTC'], 'tz', 'says its zone itself'],
    ['a time that is past', ['--at', '2020-12-01T00:00:00Z'], 'starts', 'past'],
    ['an end that is past', ['--cron', '@daily', '--tz', 'UTC', '--ends', '2020-12-01T00:00:00Z'], 'starts', 'past'],
    ['an end that is none', ['--cron', '@daily', '--tz', 'UTC', '--window-end', '4:00'], 'window-end', 'HH:MM'],
    ['a cutoff of no window', ['--cron', '@daily', '--tz', 'UTC', '--cutoff', '1m'], 'cutoff', 'of a window'],
    [
      'a window without its end',
      ['--cron', '@daily', '--tz', 'UTC', '--and-window', '0 1 * * *'],
      'and-window',
      'until 04:00',
    ],
    [
      'a day that is none',
      ['--cron', '@daily', '--tz', 'UTC', '--blackout', '2026-13-01'],
      'blackouts.0.date',
      'YYYY-MM-DD',
    ],
    [
      'a file that is not there',
      ['--cron', '@daily', '--tz', 'UTC', '--holidays', 'no.ics'],
      'holidays',
      'cannot be read',
    ],
  ])('are refused with %s, and nothing is kept', async (_, times, field, message) => {
    const { code, stdout } = await runCli(dataDir, ['schedules', 'add', 'bad', ...times, ...pushed, '--json']);
    const { error } = JSON.parse(stdout);
    expect([code, error.code]).toEqual([2, 'INVALID_INPUT']);
    expect(error.details).toEqual([{ field, message: expect.stringContaining(message) }]);
    expect((await runCli(dataDir, ['schedules', 'get', 'bad'])).code).toBe(4);
  });
});

it('sites in the terminal give locations their zones and holidays', async () => {
  const bySite = ['--window-start', '0 2 * * *', '--window-end', '04:00', '--tz', 'site'];
  const refused = await runCli(dataDir, ['push', ...pushed, ...bySite, '--dry-run', '--json']);
  expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('these have no time zone: Roof')]);
  expect(await cliJson(dataDir, ['sites', 'set', 'Roof', '--tz', 'asia/tokyo', '--holidays', holidays])).toEqual({
    ...{ location: 'Roof', zone: 'Asia/Tokyo' },
    blackouts: [{ date: '2026-12-25', name: 'Christmas' }],
  });
  expect((await runCli(dataDir, ['push', ...pushed, ...bySite, '--dry-run'])).code).toBe(0);
  expect(await cliJson(dataDir, ['sites', 'list'])).toMatchObject({ sites: [{ location: 'Roof' }] });
  expect(await cliJson(dataDir, ['sites', 'remove', 'Roof'])).toEqual({ removed: 'Roof' });
  const gone = await runCli(dataDir, ['sites', 'remove', 'Roof', '--json']);
  expect([gone.code, JSON.parse(gone.stdout).error.code]).toEqual([4, 'SITE_NOT_FOUND']);
});
