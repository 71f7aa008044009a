import type { PushForecast } from '../../shared/model/index.ts';

type Row = PushForecast['devices'][number];

/** Devices that are skipped for one reason, and what it is called in a list of counts. */
export interface SkippedGroup {
  words: string;
  rows: Row[];
}

const reasons: Partial<Record<NonNullable<Row['errorCode']>, string>> = {
  ALREADY_CURRENT: 'already current',
  MODEL_MISMATCH: 'wrong model',
  DOWNGRADE_REFUSED: 'with a newer version',
  SIGNATURE_INVALID: 'without a trusted signature',
  LEASED_ELSEWHERE: 'on another bench',
};

/** The devices a push would skip, the most common reason first. */
export function skippedIn({ devices }: PushForecast): SkippedGroup[] {
  const skipped = devices.filter(({ action }) => action === 'skip');
  const groups = Map.groupBy(skipped, ({ errorCode }) => (errorCode && reasons[errorCode]) || 'skipped');
  return [...groups].map(([words, rows]) => ({ words, rows })).sort((a, b) => b.rows.length - a.rows.length);
}

/** What a push would do, in one line: `78 go, 2 already current, 1 wrong model`. */
export function forecastText(forecast: PushForecast): string {
  const going = forecast.devices.filter(({ action }) => action === 'push').length;
  const skipped = skippedIn(forecast).map(({ words, rows }) => `${rows.length} ${words}`);
  const lead = going === 0 ? 'None goes' : going === 1 ? '1 goes' : `${going} go`;
  return [lead, ...skipped].join(', ');
}

/** How many devices are in each phase, in words; `undefined` where there is one phase. */
export function phasesText({ devices }: PushForecast): string | undefined {
  const sizes: number[] = [];
  for (const { phase } of devices) sizes[phase] = (sizes[phase] ?? 0) + 1;
  const counts = Array.from(sizes, (size) => size ?? 0).filter((size) => size > 0);
  return counts.length < 2 ? undefined : counts.join(', then ');
}

/** What came of knocking at the devices that would be pushed to; `undefined` where that was not asked. */
export function reachOf({ devices }: PushForecast): { answer: number; silent: Row[] } | undefined {
  const asked = devices.filter(({ isReachable }) => isReachable !== null);
  if (asked.length === 0) return undefined;
  const silent = asked.filter(({ isReachable }) => !isReachable);
  return { answer: asked.length - silent.length, silent };
}
