import { z } from 'zod';
import { siteZone, zone } from './zone.ts';

const day = 86_400_000;

/** In whose wall-clock time `start` and `end` are: `tz`. */
function windowIn<Tz extends z.ZodType>(tz: Tz) {
  const opening = {
    /** Cron expression of its openings, 5 or 6 fields. */
    start: z.string().trim().min(1, 'say when it opens, as a cron expression such as "0 2 * * SUN"').max(600),
    tz,
    /** How long before its end the last device may be started. */
    cutoffMs: z
      .int()
      .min(0)
      .max(31 * day)
      .optional(),
  };
  const untilWallClock = z.strictObject({
    ...opening,
    /** Wall-clock time of its end; at or before the time of the start, it is on the next day. */
    end: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'write the end as HH:MM, such as 04:00'),
  });
  const ofDuration = z
    .strictObject({
      ...opening,
      /** Elapsed time from its opening to its end. */
      durationMs: z
        .int()
        .min(1_000, 'is under a second')
        .max(31 * day, 'is over 31 days'),
    })
    .refine(({ cutoffMs = 0, durationMs }) => cutoffMs < durationMs, {
      path: ['cutoffMs'],
      message: 'leaves no time to start a device in: make it shorter than the window',
    });
  return z.union([untilWallClock, ofDuration], {
    error: 'say when the window ends: either "end" (HH:MM) or "durationMs"',
  });
}

/** When devices may be updated. */
export const updateWindow = windowIn(zone);
export type UpdateWindow = z.infer<typeof updateWindow>;

/** One that opens, with `tz` `site`, for each device by the clock of its location. */
export const siteWindow = windowIn(siteZone);
export type SiteWindow = z.infer<typeof siteWindow>;

/** A day of the calendar, wherever it is looked at: `2026-12-25`. */
export const civilDate = z.iso.date('not a day as YYYY-MM-DD, such as 2026-12-25');

/** A day on which nothing is updated. */
export const blackout = z.strictObject({ date: civilDate, name: z.string().trim().min(1).max(200).optional() });
export type Blackout = z.infer<typeof blackout>;
