import { hasFailed } from '../../shared/model/index.ts';
import { html, type Markup } from './markup.ts';
import type { UpdateReport } from './update-report.ts';
import type { Words } from './words.ts';

/**
 * In units of the picture; `left` and `bottom` leave room for the words at the axes. The time ends at `end`: what is
 * reached in its last moment is drawn on to `right`, else nobody saw it.
 */
const width = 720;
const height = 170;
const [left, end, right, top, bottom] = [44, 684, 712, 12, 144] as const;

/** Devices that have ended by a moment, which is a place from left to right. */
interface Ended {
  x: number;
  succeeded: number;
  failed: number;
  other: number;
}

const dayMs = 86_400_000;

/** How many devices had succeeded, failed, or ended in another way, over the time of the update: an SVG. */
export function progressPicture({ update, devices, madeAt }: UpdateReport, words: Words): Markup {
  const startMs = Date.parse(update.createdAt);
  const endMs = Math.max(startMs + 1, Date.parse(update.endedAt ?? madeAt));
  const xOf = (ms: number) => {
    const share = Math.min(1, Math.max(0, (ms - startMs) / (endMs - startMs)));
    return Math.round(left + share * (end - left));
  };
  const yOf = (count: number) => Math.round(bottom - (count / Math.max(1, devices.length)) * (bottom - top));
  const ended = endedOver(
    devices.flatMap(({ endedAt, state }) => (endedAt === null ? [] : [{ x: xOf(Date.parse(endedAt)), state }])),
  );
  const area = (name: string, countOf: (found: Ended) => number) => {
    const stairs = ended.map((found) => `H${found.x}V${yOf(countOf(found))}`).join('');
    return html`<path class="${name}" d="M${left} ${bottom}${stairs}H${right}V${bottom}Z"/>`;
  };
  const line = (count: number) => html`
    <line x1="${left}" x2="${right}" y1="${yOf(count)}" y2="${yOf(count)}"/>
    <text x="${left - 8}" y="${yOf(count) + 4}" text-anchor="end">${count}</text>`;
  const moment = endMs - startMs > dayMs ? words.moment : words.timeOfDay;
  const time = (x: number, share: number, anchor: string) => html`
    <text x="${x}" y="${height - 6}" text-anchor="${anchor}">${moment(startMs + share * (endMs - startMs))}</text>`;
  const counts = [...new Set([0, Math.round(devices.length / 2), devices.length])];
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Devices that had ended, over time">
    ${counts.map(line)}
    ${area('other', ({ succeeded, failed, other }) => succeeded + failed + other)}
    ${area('failed', ({ succeeded, failed }) => succeeded + failed)}
    ${area('succeeded', ({ succeeded }) => succeeded)}
    ${[time(left, 0, 'start'), time((left + end) / 2, 0.5, 'middle'), time(right, 1, 'end')]}
  </svg>`;
}

/** Added up from left to right, with one for each place where something ended: no more than the picture is wide. */
function endedOver(ends: { x: number; state: UpdateReport['devices'][number]['state'] }[]): Ended[] {
  const found = new Map<number, Ended>();
  let [succeeded, failed, other] = [0, 0, 0];
  for (const { x, state } of ends.sort((a, b) => a.x - b.x)) {
    if (state === 'succeeded') succeeded += 1;
    else if (hasFailed({ state })) failed += 1;
    else other += 1;
    found.set(x, { x, succeeded, failed, other });
  }
  return [...found.values()];
}
