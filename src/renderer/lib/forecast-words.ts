import type { PushForecast } from '../../shared/model/index.ts';
import type { Messages } from '../messages/catalogue.ts';
import { t } from '../messages/index.ts';
import { formatNumber } from './format.ts';

type Row = PushForecast['devices'][number];

type Reason = keyof Messages['push']['preflight']['skipped'];

/** Devices that are skipped for one reason, and how that is said in a list of counts: `2 already current`. */
export interface SkippedGroup {
  reason: Reason;
  title: string;
  rows: Row[];
}

const reasons: Partial<Record<NonNullable<Row['errorCode']>, Reason>> = {
  ALREADY_CURRENT: 'current',
  MODEL_MISMATCH: 'model',
  DOWNGRADE_REFUSED: 'newer',
  SIGNATURE_INVALID: 'unsigned',
  LEASED_ELSEWHERE: 'elsewhere',
};

/** The devices a push would skip, the most common reason first. */
export function skippedIn({ devices }: PushForecast): SkippedGroup[] {
  const skipped = devices.filter(({ action }) => action === 'skip');
  const groups = Map.groupBy(skipped, ({ errorCode }) => (errorCode && reasons[errorCode]) || 'other');
  const words = t().push.preflight.skipped;
  return [...groups]
    .map(([reason, rows]) => ({ reason, rows, title: words[reason](rows.length) }))
    .sort((a, b) => b.rows.length - a.rows.length);
}

/** What a push would do, in one line: `78 go, 2 already current, 1 wrong model`. */
export function forecastText(forecast: PushForecast): string {
  const going = forecast.devices.filter(({ action }) => action === 'push').length;
  const words = t().push.preflight;
  const lead = going === 0 ? words.none : words.go(going);
  return [lead, ...skippedIn(forecast).map(({ title }) => title)].join(', ');
}

/** How many devices are in each phase, in words; `undefined` where there is one phase. */
export function phasesText({ devices }: PushForecast): string | undefined {
  const sizes: number[] = [];
  for (const { phase } of devices) sizes[phase] = (sizes[phase] ?? 0) + 1;
  const counts = Array.from(sizes, (size) => size ?? 0).filter((size) => size > 0);
  return counts.length < 2 ? undefined : t().push.preflight.phaseSizes(counts.map(formatNumber));
}

/** What came of knocking at the devices that would be pushed to; `undefined` where that was not asked. */
export function reachOf({ devices }: PushForecast): { answer: number; silent: Row[] } | undefined {
  const asked = devices.filter(({ isReachable }) => isReachable !== null);
  if (asked.length === 0) return undefined;
  const silent = asked.filter(({ isReachable }) => !isReachable);
  return { answer: asked.length - silent.length, silent };
}
