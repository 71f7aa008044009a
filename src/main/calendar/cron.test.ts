import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PushrodError } from '../../shared/errors.ts';
import { parseCron, parseZone } from './index.ts';

function faultsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (thrown) {
    if (!(thrown instanceof PushrodError)) throw thrown;
    expect(thrown.code).toBe('INVALID_INPUT');
    return thrown.details.map(({ field, message }) => `${field}: ${message}`);
  }
  return expect.fail('it was taken');
}

describe('a cron expression', () => {
  it.each([
    ['60 * * * *', 'minute: "60" is not from 0 to 59'],
    ['0 24 * * *', 'hour: "24" is not from 0 to 23; midnight is 0'],
    ['70 0 0 * * *', 'second: "70" is not from 0 to 59'],
    ['0 0 32 * *', 'day of month: "32" is not from 1 to 31'],
    ['0 0 1 13 *', 'month: "13" is not from 1 to 12, or JAN to DEC'],
    ['0 0 1 MARCH *', 'month: "MARCH" is not from 1 to 12, or JAN to DEC; write MAR'],
    ['0 0 * * 8', 'day of week: "8" is not from 0 to 7, or SUN to SAT'],
    ['0 0 * * FRI-MON', 'day of week: the range "FRI-MON" goes backwards; write FRI-SAT,SUN-MON'],
    ['30-10 * * * *', 'minute: the range "30-10" goes backwards; write 30-59,0-10'],
    ['1-2-3 * * * *', 'minute: "1-2-3" is no range; write it as 0-4'],
    ['5/10 * * * *', 'minute: "5/10" has a step without a range; write 5-59/10'],
    ['*/0 * * * *', 'minute: the step of "*/0" is not from 1 to 60; every fourth is */4'],
    ['*/5/2 * * * *', 'minute: "*/5/2" has two steps; keep one'],
    ['1,,2 * * * *', 'minute: "1,,2" has an empty part; take the comma out'],
    ['-5 * * * *', 'minute: "" is not from 0 to 59'],
    ['? * * * *', 'minute: "?" is not from 0 to 59'],
    ['0 0 * * MON#6', 'day of week: "MON#6" is none of a month; after # comes 1 to 5, and the last one is MONL'],
    ['0 0 * * L', 'day of week: "L" lacks its day; the last Friday is FRIL, the first Monday MON#1'],
    ['0 0 MON#1 * *', 'day of month: "MON#1" is not from 1 to 31; # is for the day of week'],
    ['0 0 15W * *', 'day of month: "15W" is not from 1 to 31; the nearest weekday (W) is not known here'],
    ['0 0 15 * +MON', 'day of week: "+MON" is not from 0 to 7, or SUN to SAT; days of month and of week cannot be'],
    ['0 L * * *', 'hour: "L" is not from 0 to 23; L is for days'],
    ['0 0 30 2 *', 'day of month: "On the 30th of February" never comes'],
    ['0 0 31 4,6,9,11 *', 'day of month: "On the 31st of April, June, September and November" never comes'],
    ['0 0 */31 * MON#2', 'day of month: "On the 1st of the month where that is the second Monday" never comes'],
    ['0 0 * *', 'undefined: it has 4 fields and needs five'],
    ['0 0 0 * * * 2026', 'undefined: it has 7 fields and needs five'],
    ['', 'undefined: it has 0 fields and needs five'],
    ['@reboot', 'undefined: "@reboot" is no nickname; there are @yearly'],
  ])('"%s" is refused: %s', (text, fault) => {
    expect(faultsOf(() => parseCron(text))).toEqual([expect.stringContaining(fault)]);
  });

  it('is refused with all its fields that are wrong', () => {
    expect(faultsOf(() => parseCron('60 24 L x *'))).toHaveLength(3);
  });

  it.each(['@YEARLY', '0 0 ? * mon', '0 0 1 * ?', '  0\t0 * * *  ', '0 0 * Jan-mar Sun', '*,5 * * * *', '0 0 29 2 *'])(
    '"%s" is taken',
    (text) => expect(parseCron(text).text).toBe(text.trim()),
  );

  it('that is any text is taken, or refused as bad input and nothing else', () => {
    const parts = fc.constantFrom(
      ...'0 1 5 59 60 * */2 1-5 - / , # L W ? + MON FRI JAN MON#1 5L @daily L-1 1,2'.split(' '),
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(parts, { minLength: 4, maxLength: 7 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parseCron(text).nextCivil(0)).toBeTypeOf('number');
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'INVALID_INPUT' });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a time zone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['asia/kathmandu', 'Asia/Kathmandu'],
    ['US/Pacific', 'US/Pacific'],
    ['utc', 'UTC'],
    ['CET', 'CET'],
    ['Etc/GMT+3', 'Etc/GMT+3'],
  ])('"%s" is %s', (text, name) => expect(parseZone(text)).toBe(name));

  it.each([
    ['Europe/Berlim', 'did you mean Europe/Berlin?'],
    ['berlin', 'did you mean Europe/Berlin?'],
    ['America/NewYork', 'did you mean America/New_York?'],
    ['Asia/Kolkatta', 'did you mean Asia/Kolkata?'],
    ['Saopaulo', 'did you mean America/Sao_Paulo?'],
    ['Mars/Phobos', 'write it as area and city'],
    ['+02:00', 'write it as area and city'],
    ['BST', 'write it as area and city'],
    ['', 'say which time zone'],
  ])('"%s" is refused: %s', (text, fault) => {
    expect(faultsOf(() => parseZone(text))[0]).toContain(fault);
  });
});
