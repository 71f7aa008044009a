import { describe, expect, it } from 'vitest';
import type { DeviceId, PushForecast } from '../../shared/model/index.ts';
import { forecastText, phasesText, reachOf, skippedIn } from './forecast-words.ts';

type Row = PushForecast['devices'][number];

const rows = (count: number, changes: Partial<Row> = {}): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    deviceId: `d${index}` as DeviceId,
    deviceName: `device ${index}`,
    phase: 0,
    action: 'push',
    errorCode: null,
    message: null,
    bytesTotal: 1,
    isReachable: null,
    ...changes,
  }));
const forecast = (...groups: Row[][]): PushForecast => ({ devices: groups.flat(), bytesTotal: 1, durationMs: null });
const skip = (count: number, errorCode: NonNullable<Row['errorCode']>) => rows(count, { action: 'skip', errorCode });

describe('a forecast', () => {
  it('counts what goes and what is skipped, the most common reason first', () => {
    const found = forecast(skip(1, 'MODEL_MISMATCH'), rows(78), skip(2, 'ALREADY_CURRENT'));
    expect(forecastText(found)).toBe('78 go, 2 already current, 1 wrong model');
    expect(skippedIn(found).map((group) => group.rows.length)).toEqual([2, 1]);
  });

  it('says so where one goes, or none', () => {
    expect(forecastText(forecast(rows(1)))).toBe('1 goes');
    expect(forecastText(forecast(skip(3, 'DOWNGRADE_REFUSED')))).toBe('None goes, 3 with a newer version');
    expect(forecastText(forecast(rows(2), skip(1, 'SIGNATURE_INVALID')))).toBe('2 go, 1 without a trusted signature');
    expect(forecastText(forecast(skip(1, 'CONFLICT')))).toBe('None goes, 1 skipped');
  });

  it('tells phases by their sizes, without those that hold no device', () => {
    expect(phasesText(forecast(rows(1), rows(3, { phase: 2 }), rows(4, { phase: 3 })))).toBe('1, then 3, then 4');
    expect(phasesText(forecast(rows(8)))).toBeUndefined();
  });

  it('tells which devices did not answer, once they were knocked at', () => {
    expect(reachOf(forecast(rows(2)))).toBeUndefined();
    const found = forecast(rows(2, { isReachable: true }), rows(1, { isReachable: false }), skip(1, 'MODEL_MISMATCH'));
    expect(reachOf(found)).toMatchObject({ answer: 2, silent: [{ isReachable: false }] });
  });
});
