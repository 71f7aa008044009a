import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatSize, parseDurationMs, parseRate, parseWhole } from './units.ts';

describe('parseDurationMs', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['500ms', 500],
    ['1.5s', 1_500],
    ['PT30M', 1_800_000],
    ['PT1H30M', 5_400_000],
    ['P1DT1S', 86_401_000],
    ['PT0.5S', 500],
  ])('reads %s', (text, ms) => {
    expect(parseDurationMs(text, 'timeout')).toBe(ms);
  });

  it.each(['30', '', 's', 'P', 'PT', '1y', '-5s', '1 h', 'P1M'])('refuses %j and names the field', (text) => {
    expect(() => parseDurationMs(text, 'timeout')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: [expect.objectContaining({ field: 'timeout' })] }),
    );
  });

  it('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 864_000_000 }), (ms) => {
        expect(parseDurationMs(formatDuration(ms), 'timeout')).toBe(ms);
      }),
    );
  });
});

describe('parseRate', () => {
  it.each([
    ['500', 500],
    ['2k', 2_048],
    ['1.5M', 1_572_864],
    ['1G', 1_073_741_824],
  ])('reads %s', (text, bytesPerSecond) => {
    expect(parseRate(text, 'rate-limit')).toBe(bytesPerSecond);
    expect(parseRate(formatSize(bytesPerSecond), 'rate-limit')).toBe(bytesPerSecond);
  });

  it.each(['', 'fast', '2 M', '-1', '2MB', '2m'])('refuses %j and names the field', (text) => {
    expect(() => parseRate(text, 'rate-limit')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: [expect.objectContaining({ field: 'rate-limit' })] }),
    );
  });
});

describe('parseWhole', () => {
  it('reads a number in its range', () => {
    expect([parseWhole('0', 'port', 0, 65_535), parseWhole('65535', 'port', 0, 65_535)]).toEqual([0, 65_535]);
  });

  it.each(['', '-1', '1.5', '1e3', 'abc', '65536'])('refuses %j and says the range', (text) => {
    expect(() => parseWhole(text, 'port', 0, 65_535)).toThrow('from 0 to 65535');
  });
});
