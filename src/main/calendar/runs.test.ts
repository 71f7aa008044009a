import { Cron as Croner } from 'croner';
import { describe, expect, it } from 'vitest';
import { nextRun, parseCron, parseZone, runsAfter } from './index.ts';

/** `from` and the expected runs in UTC, to the minute or the second. */
const runsOf = (cron: string, tz: string, from: string, count: number) =>
  runsAfter(parseCron(cron), parseZone(tz), new Date(`${from}Z`), count).map((run) =>
    run.toISOString().replace(/(:00)?\.000Z$/, ''),
  );

describe('runs', () => {
  it.each([
    // Half an hour: 02:00 to 02:30 in October, 02:00 back to 01:30 in April.
    [
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-02T00:00',
      ['2026-10-02T15:45', '2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      '*/15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00',
      ['2026-10-03T15:30', '2026-10-03T15:45', '2026-10-04T15:00'],
    ],
    ['40 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00', ['2026-04-04T14:40', '2026-04-05T15:10']],
    [
      '*/40 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-04T12:00',
      ['2026-04-04T14:00', '2026-04-04T14:40', '2026-04-04T15:10'],
    ],
    // Back for Ramadan at 03:00, forward after it at 02:00.
    [
      '30 2 * * *',
      'Africa/Casablanca',
      '2026-02-14T00:00',
      ['2026-02-14T01:30', '2026-02-15T01:30', '2026-02-16T02:30'],
    ],
    ['30 2 * * *', 'Africa/Casablanca', '2026-03-21T12:00', ['2026-03-22T02:00', '2026-03-23T01:30']],
    // There was no 30 December 2011.
    ['0 12 * * *', 'Pacific/Apia', '2011-12-29T00:00', ['2011-12-29T22:00', '2011-12-30T22:00', '2011-12-31T22:00']],
    ['0 12 30 12 *', 'Pacific/Apia', '2011-12-29T00:00', ['2012-12-29T22:00', '2013-12-29T22:00']],
    ['0 0 * * *', 'Pacific/Apia', '2011-12-29T00:00', ['2011-12-29T10:00', '2011-12-30T10:00']],
    // Offsets of quarters of an hour.
    ['0 0 29 2 *', 'Asia/Kathmandu', '2096-03-01T00:00', ['2104-02-28T18:15', '2108-02-28T18:15']],
    ['59 23 31 12 *', 'Australia/Eucla', '2026-01-01T00:00', ['2026-12-31T15:14', '2027-12-31T15:14']],
    // Two hours: 01:00 to 03:00, and 03:00 back to 01:00.
    [
      '30 1,2 * * *',
      'Antarctica/Troll',
      '2026-03-28T12:00',
      ['2026-03-29T01:00', '2026-03-29T23:30', '2026-03-30T00:30'],
    ],
    ['30 1 * * *', 'Antarctica/Troll', '2026-10-24T12:00', ['2026-10-24T23:30', '2026-10-26T01:30']],
    // Midnight was skipped, and 23:00 came twice on the day before.
    ['0 0 * * *', 'America/Sao_Paulo', '2018-11-03T12:00', ['2018-11-04T03:00', '2018-11-05T02:00']],
    ['30 23 * * *', 'America/Sao_Paulo', '2018-02-17T12:00', ['2018-02-18T01:30', '2018-02-19T02:30']],
    [
      '30 * 17 2 *',
      'America/Sao_Paulo',
      '2018-02-18T01:00',
      ['2018-02-18T01:30', '2018-02-18T02:30', '2019-02-17T03:30'],
    ],
    // Winter time is the one that is put back, which only the database's fields show.
    ['30 1 * * *', 'Europe/Dublin', '2026-03-28T12:00', ['2026-03-29T01:00', '2026-03-30T00:30']],
    ['30 1 * * *', 'Europe/Dublin', '2026-10-24T12:00', ['2026-10-25T00:30', '2026-10-26T01:30']],
    // Offsets with seconds; 44 minutes and a half were skipped.
    ['15 0 * * *', 'Africa/Monrovia', '1972-01-06T12:00', ['1972-01-07T00:44:30', '1972-01-08T00:15']],
    ['*/15 0 * * * *', 'Africa/Monrovia', '1972-01-07T00:44', ['1972-01-07T01:00', '1972-01-07T01:00:15']],
    ['0 12 * * *', 'Europe/Paris', '1900-01-01T00:00', ['1900-01-01T11:50:39', '1900-01-02T11:50:39']],
    // A change at the very moment at which a new block of known offsets begins.
    ['30 2 * * *', 'Africa/Cairo', '1988-09-30T12:00', ['1988-09-30T23:30', '1988-10-02T00:30']],
    // Steps without * are fixed times; seconds do not change that.
    [
      '0 2-4/2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00',
      ['2026-03-29T01:00', '2026-03-29T02:00', '2026-03-30T00:00'],
    ],
    [
      '*/10 30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00',
      ['2026-03-29T01:00', '2026-03-30T00:30', '2026-03-30T00:30:10'],
    ],
    // Several fixed times that are skipped are one run at the jump.
    [
      '0,15,30 2,3 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00',
      ['2026-03-29T01:00', '2026-03-29T01:15', '2026-03-29T01:30'],
    ],
    // The second showing is not lost where the next day that fits is a year away.
    ['59 * 25 10 *', 'Europe/Berlin', '2026-10-25T00:30', ['2026-10-25T00:59', '2026-10-25T01:59', '2026-10-25T02:59']],
    [
      '*/59 2 25 10 *',
      'Europe/Berlin',
      '2026-10-25T00:30',
      ['2026-10-25T00:59', '2026-10-25T01:00', '2026-10-25T01:59'],
    ],
    ['0 0 1 1 *', 'Pacific/Kiritimati', '2026-06-01T00:00', ['2026-12-31T10:00', '2027-12-31T10:00']],
    ['0 0 L 2 *', 'UTC', '2027-01-01T00:00', ['2027-02-28T00:00', '2028-02-29T00:00']],
    ['0 0 30,L * *', 'UTC', '2026-01-30T00:00', ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-30T00:00']],
    ['0 0 * * FRIL', 'UTC', '2026-01-01T00:00', ['2026-01-30T00:00', '2026-02-27T00:00']],
    ['0 0 * * MON#5', 'UTC', '2026-01-01T00:00', ['2026-03-30T00:00', '2026-06-29T00:00']],
    ['0 0 * 2 MON#5', 'UTC', '2026-01-01T00:00', ['2044-02-29T00:00', '2072-02-29T00:00']],
    ['0 0 29 2 MON', 'UTC', '2028-02-21T00:00', ['2028-02-28T00:00', '2028-02-29T00:00', '2029-02-05T00:00']],
    ['0 0 13 * 5', 'UTC', '2026-11-01T00:00', ['2026-11-06T00:00', '2026-11-13T00:00', '2026-11-20T00:00']],
    ['0 0 * * 7', 'UTC', '2026-11-24T00:00', ['2026-11-29T00:00']],
    ['0 0 * * SAT-SUN', 'UTC', '2026-11-24T00:00', ['2026-11-28T00:00', '2026-11-29T00:00', '2026-12-05T00:00']],
  ])('of "%s" in %s after %s are as the rules say', (cron, tz, from, expected) => {
    expect(runsOf(cron, tz, from, expected.length)).toEqual(expected);
  });

  it('are strictly after a moment, to the millisecond', () => {
    const next = (from: string) => nextRun(parseCron('0 2 * * *'), parseZone('UTC'), new Date(from))?.toISOString();
    expect(next('2026-06-01T01:59:59.999Z')).toBe('2026-06-01T02:00:00.000Z');
    expect(next('2026-06-01T02:00:00.000Z')).toBe('2026-06-02T02:00:00.000Z');
    expect(next('2026-06-01T02:00:00.001Z')).toBe('2026-06-02T02:00:00.000Z');
  });

  it('that fall on the jump are after the moment before it only', () => {
    const next = (from: string) => nextRun(parseCron('30 2 * * *'), parseZone('Europe/Berlin'), new Date(from));
    expect(next('2026-03-29T00:59:59.999Z')?.toISOString()).toBe('2026-03-29T01:00:00.000Z');
    expect(next('2026-03-29T01:00:00.000Z')?.toISOString()).toBe('2026-03-30T00:30:00.000Z');
  });

  it('end with the year 2999', () => {
    expect(runsOf('0 12 * * *', 'UTC', '2999-12-30T00:00', 5)).toEqual(['2999-12-30T12:00', '2999-12-31T12:00']);
    expect(nextRun(parseCron('0 12 * * *'), parseZone('UTC'), new Date('5000-01-01T00:00:00Z'))).toBeUndefined();
  });
});

/** If one of these fails, croner has changed, and runs.ts or cron.ts may have less to do. */
describe("croner's own answer differs, and is not taken,", () => {
  const cronersRuns = (cron: string, timezone: string, from: string, count: number) =>
    new Croner(cron, { timezone }).nextRuns(count, new Date(`${from}Z`)).map((run) => run.toISOString().slice(0, 16));

  it.each([
    ['for a list that is skipped', '30 2,14 * * *', 'Europe/Berlin', '2026-03-28T13:30'],
    ['for a step without * that is skipped', '30 2-4/2 * * *', 'Europe/Berlin', '2026-03-28T13:30'],
    ['for a list that comes twice', '30 2,14 * * *', 'Europe/Berlin', '2026-10-24T13:30'],
    ['for a day field that begins with *', '0 0 */2 * MON', 'UTC', '2026-11-24T00:00'],
  ])('%s', (_, cron, tz, from) => {
    expect(cronersRuns(cron, tz, from, 3)).not.toEqual(runsOf(cron, tz, from, 3));
  });
});
