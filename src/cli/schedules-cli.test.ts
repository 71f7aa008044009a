import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliJson, runCli, temporaryDir } from '../../test/harness/index.ts';

const dataDir = join(temporaryDir(), 'never-made');
const next = ['schedules', 'next', '--cron', '30 2 * * *', '--tz', 'Europe/Berlin'];
const window = ['schedules', 'window', '--start', '0 2 * * SUN', '--tz', 'Europe/Berlin'];

describe('schedules next and window in the terminal', () => {
  it('give the next runs and the window, in UTC, and open no data folder', async () => {
    expect(await cliJson(dataDir, [...next, '--from', '2026-03-28T13:00:00+01:00', '-n', '2'])).toEqual({
      runs: ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    });
    const ends = ['--end', '04:00', '--cutoff', 'PT30M', '--at', '2026-03-29T01:30:00Z'];
    expect(await cliJson(dataDir, [...window, ...ends])).toEqual({
      ...{ open: true, accepting: false, opensAt: '2026-03-29T01:00:00.000Z' },
      ...{ closesAt: '2026-03-29T02:00:00.000Z', cutoffAt: '2026-03-29T01:30:00.000Z' },
    });
    const lasts = ['--duration', '2h', '--at', '2026-03-29T02:30:00Z'];
    expect(await cliJson(dataDir, [...window, ...lasts])).toMatchObject({ closesAt: '2026-03-29T03:00:00.000Z' });
    expect(existsSync(dataDir)).toBe(false);
  });

  it('say it in a sentence to people', async () => {
    const { stdout: runs } = await runCli(dataDir, [...next, '--from', '2026-03-28T12:00:00Z', '-n', '1']);
    expect(runs).toContain('Every day at 02:30 in Berlin\n  Sun 29 Mar 2026 03:00');
    const { stdout: opens } = await runCli(dataDir, [...window, '--end', '04:00', '--at', '2026-03-28T12:00:00Z']);
    expect(opens).toContain('Sundays at 02:00 in Berlin, until 04:00; next: Sun 29 Mar 2026 03:00 to 04:00');
    expect(opens).toContain('which lasts one hour as clocks go forward');
  });

  it.each([
    ['a field of the expression', ['next', '--cron', '0 25 * * *', '--tz', 'UTC'], 'hour', 'from 0 to 23'],
    ['a date that never comes', ['next', '--cron', '0 0 30 2 *', '--tz', 'UTC'], 'day of month', 'never comes'],
    ['a zone', ['next', '--cron', '@daily', '--tz', 'Europe/Berlim'], 'tz', 'did you mean Europe/Berlin?'],
    ['a time', [...next.slice(1), '--from', 'tomorrow'], 'from', 'not an ISO 8601 time'],
    ['a count', [...next.slice(1), '-n', '0'], 'n', 'from 1 to 10000'],
    ['an end', [...window.slice(1), '--end', '4:00'], 'end', 'HH:MM'],
    ['no end', window.slice(1), 'end', '--duration'],
    ['two ends', [...window.slice(1), '--end', '04:00', '--duration', '2h'], 'duration', 'not both'],
    ['a duration', [...window.slice(1), '--duration', 'long'], 'duration', 'is not a duration'],
    ['a cutoff', [...window.slice(1), '--duration', '2h', '--cutoff', '2h'], 'cutoff', 'leaves no time'],
    ['a start', ['window', '--start', '0 2 * *', '--end', '04:00', '--tz', 'UTC'], undefined, 'needs five'],
    ['a time after all', [...window.slice(1), '--end', '04:00', '--at', '2999-12-31T00:00:00Z'], 'at', 'opens after'],
  ])('refuse %s that cannot be used, and say which flag or field', async (_, args, field, message) => {
    const { code, stdout } = await runCli(dataDir, ['schedules', ...args, '--json']);
    const { error } = JSON.parse(stdout);
    expect([code, error.code]).toEqual([2, 'INVALID_INPUT']);
    expect(error.details).toEqual([{ ...(field && { field }), message: expect.stringContaining(message) }]);
  });
});
