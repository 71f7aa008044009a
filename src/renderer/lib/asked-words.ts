import type { LimitsOfUpdate, Rollout, Share, Update } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { formatDuration, formatNumber, formatRate } from './format.ts';

type Row = [label: string, said: string];

/** How an update was asked for, and what was changed of that since, in words; its windows are told by the core. */
export function askedWords({ limits, rollout }: Pick<Update, 'limits' | 'rollout'>): Row[] {
  return [...(limits ? limitsWords(limits) : []), ...(rollout ? rolloutWords(rollout) : [])];
}

function limitsWords(limits: LimitsOfUpdate): Row[] {
  const words = t().updates.asked;
  const { concurrency, rateLimitBytesPerSecond: rate, retries, deviceTimeoutMs: timeout, maxFailures } = limits;
  return [
    [words.atOnce, formatNumber(concurrency)],
    [words.rate, rate === null ? words.noLimit : words.together(formatRate(rate))],
    [words.retries, formatNumber(retries)],
    [words.timeout, timeout === null ? words.noLimit : formatDuration(timeout)],
    [words.stops, maxFailures === null ? words.never : words.moreThan(shareText(maxFailures))],
  ];
}

function rolloutWords({ phases, successPercent, waitMs, needsApproval, order }: Rollout): Row[] {
  const words = t().updates.asked;
  const conditions = [
    words.succeeded(formatNumber(successPercent)),
    ...(waitMs > 0 ? [words.waited(formatDuration(waitMs))] : []),
    ...(needsApproval ? [words.approved] : []),
  ];
  return [
    [words.phases, words.inTurn(phases.map(({ upTo }) => shareText(upTo)))],
    [words.next, words.all(conditions)],
    [words.order, order === 'name' ? words.byName : words.atRandom],
  ];
}

function shareText(share: Share): string {
  const words = t().updates.asked;
  return 'percent' in share ? words.percent(formatNumber(share.percent)) : words.devices(share.devices);
}
