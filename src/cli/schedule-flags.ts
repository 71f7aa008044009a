import type { Command } from 'commander';
import type { z } from 'zod';
import type { schedule, siteWindow } from '../shared/model/index.ts';
import { invalid } from './device-fields.ts';
import { collect } from './selector.ts';
import { parseDurationMs, parseWhole } from './units.ts';
import { addWindowFlags, type WindowFlags, windowsOf } from './window-flags.ts';

/** When a schedule runs, as commander gives it. */
export interface ScheduleFlags extends WindowFlags {
  cron?: string;
  at?: string;
  andWindow?: string[];
  grace?: string;
  ends?: string;
  maxRuns?: string;
}

type Times = Omit<z.input<typeof schedule>, 'push' | 'blackouts'>;

export function addScheduleFlags(command: Command): Command {
  return addWindowFlags(
    command
      .option('--cron <expression>', 'when its runs, or its windows, begin; 5 fields, or 6 with seconds')
      .option('--at <time>', 'once, then; ISO 8601 with a zone'),
  )
    .option('--and-window <window>', 'a further window: "0 22 * * FRI until 04:00" or "… for 2h"; repeatable', collect)
    .option('--grace <duration>', 'how late a run may begin (15m; with a window, until its cutoff)')
    .option('--ends <time>', 'no run begins after this')
    .option('--max-runs <n>', 'no more than so many runs');
}

/** Reads the flags: with an end of its window, runs begin as it opens. Throws `INVALID_INPUT`. */
export function timesOf(flags: ScheduleFlags): Times {
  const { cron, at, tz, grace, ends, maxRuns } = flags;
  if ((cron === undefined) === (at === undefined))
    throw invalid('cron', 'Say when it runs: --cron "0 2 * * SUN", or once --at TIME.');
  const hasWindow = flags.windowEnd !== undefined || flags.windowDuration !== undefined;
  const first = hasWindow ? windowsOf(flags, cron, 'cron') : [];
  const more = (flags.andWindow ?? []).map((text) => furtherWindow(text, flags));
  return {
    starts: startOf(flags, hasWindow, tz),
    windows: [...first, ...more],
    ...(grace !== undefined && { graceMs: parseDurationMs(grace, 'grace') }),
    ...(ends !== undefined && { endsAt: ends }),
    ...(maxRuns !== undefined && { maxRuns: parseWhole(maxRuns, 'max-runs', 1) }),
  };
}

function startOf(
  { cron, at, cutoff, andWindow }: ScheduleFlags,
  hasWindow: boolean,
  tz: string | undefined,
): Times['starts'] {
  if (hasWindow) return { kind: 'windows' };
  if (cutoff !== undefined)
    throw invalid('cutoff', 'A cutoff is of a window: say when that closes, with --window-end HH:MM.');
  if (at !== undefined) {
    if (tz !== undefined && !andWindow) throw invalid('tz', 'A time says its zone itself; leave --tz out.');
    return { kind: 'once', at };
  }
  if (tz === undefined) throw invalid('tz', 'Say whose wall clock it is: --tz Europe/Berlin.');
  return { kind: 'cron', cron: cron as string, tz };
}

const further = /^(.+?) (until|for) (\S+)$/;

function furtherWindow(text: string, { tz, cutoff }: ScheduleFlags): z.input<typeof siteWindow> {
  const [, start, word, end] = further.exec(text.trim()) ?? [];
  if (start === undefined || end === undefined) {
    throw invalid('and-window', `"${text}" is no window; write "0 22 * * FRI until 04:00" or "0 22 * * FRI for 2h".`);
  }
  const ending = word === 'until' ? { windowEnd: end } : { windowDuration: end };
  const [window] = windowsOf(
    { ...ending, ...(tz !== undefined && { tz }), ...(cutoff !== undefined && { cutoff }) },
    start,
    'and-window',
  );
  return window as z.input<typeof siteWindow>;
}
