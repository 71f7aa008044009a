import type { Command } from 'commander';
import type { z } from 'zod';
import { PushrodError } from '../shared/errors.ts';
import type { siteWindow } from '../shared/model/index.ts';
import { parseDurationMs } from './units.ts';

/** How a window ends, and by whose clock it opens, as commander gives it. */
export interface WindowFlags {
  windowEnd?: string;
  windowDuration?: string;
  tz?: string;
  cutoff?: string;
}

export function addWindowFlags(command: Command): Command {
  return command
    .option('--window-end <time>', 'the window closes at this time of the wall clock, HH:MM')
    .option('--window-duration <duration>', 'the window closes so long after it opened')
    .option('--tz <zone>', 'whose wall clock it is, such as Europe/Berlin; "site" for that of each device\'s location')
    .option('--cutoff <duration>', 'so long before the end the last device may begin');
}

/** The window that opens at `start`, if the flags make one. Throws `INVALID_INPUT` for half of one. */
export function windowsOf(
  flags: WindowFlags,
  start: string | undefined,
  startFlag: string,
): z.input<typeof siteWindow>[] {
  const { windowEnd, windowDuration, tz, cutoff } = flags;
  const hasEnd = windowEnd !== undefined || windowDuration !== undefined;
  if (start === undefined) {
    const stray = Object.entries({ 'window-end': windowEnd, 'window-duration': windowDuration, tz, cutoff });
    for (const [field, value] of stray)
      if (value !== undefined) throw invalid(field, `say with --${startFlag} when the window opens`);
    return [];
  }
  if (windowEnd !== undefined && windowDuration !== undefined) {
    throw invalid('window-duration', 'the window has an end already; leave --window-end or this out');
  }
  if (!hasEnd) throw invalid('window-end', 'say when the window closes: --window-end HH:MM or --window-duration 2h');
  if (tz === undefined) throw invalid('tz', 'say whose wall clock it is: --tz Europe/Berlin, or --tz site');
  const opening = { start, tz, ...(cutoff !== undefined && { cutoffMs: parseDurationMs(cutoff, 'cutoff') }) };
  if (windowEnd !== undefined) return [{ ...opening, end: windowEnd }];
  return [{ ...opening, durationMs: parseDurationMs(windowDuration as string, 'window-duration') }];
}

const invalid = (field: string, message: string) =>
  new PushrodError('INVALID_INPUT', `${field}: ${message}.`, [{ field, message }]);
