import { z } from 'zod';
import { profileName } from './profile-name.ts';
import { pushRequest } from './push-request.ts';
import { timestamp } from './timestamp.ts';
import { update } from './update.ts';
import { blackout, siteWindow } from './window.ts';
import { zone } from './zone.ts';

const day = 86_400_000;

/** What each run of a schedule pushes, as of a push. */
export const pushTemplate = pushRequest.omit({ startAt: true, windows: true, blackouts: true }).extend({
  /** `latest`: of what the library has for the model of each device, the newest version. */
  firmware: z.union([z.literal('latest'), pushRequest.shape.firmware]),
});
export type PushTemplate = z.infer<typeof pushTemplate>;

/** When the runs of a schedule begin: by the clock, once, or as each of its windows opens. */
export const scheduleStart = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cron'), cron: z.string().trim().min(1).max(200), tz: zone }),
  z.strictObject({ kind: z.literal('once'), at: timestamp }),
  z.strictObject({ kind: z.literal('windows') }),
]);
export type ScheduleStart = z.infer<typeof scheduleStart>;

const times = {
  starts: scheduleStart,
  /** Its pushes begin and activate devices in these only; at any time when there are none. */
  windows: z.array(siteWindow).max(20).default([]),
  /** Days without any run or window. */
  blackouts: z.array(blackout).max(1_000).default([]),
  /** No run begins after this. */
  endsAt: timestamp.optional(),
};

const hasWhatItBeginsWith = ({ starts, windows }: { starts: ScheduleStart; windows: unknown[] }) =>
  starts.kind !== 'windows' || windows.length > 0;
const noWindow = { path: ['windows'], message: 'its runs begin as windows open, but it has no window' };

/** When a schedule runs. */
export const scheduleTimes = z.strictObject(times).refine(hasWhatItBeginsWith, noWindow);
export type ScheduleTimes = z.infer<typeof scheduleTimes>;

export const schedule = z
  .strictObject({
    ...times,
    push: pushTemplate,
    /**
     * How late a run may begin, where Pushrod was closed or the laptop asleep at its time. When left out: as long as its
     * window lets devices in, or a quarter of an hour.
     */
    graceMs: z
      .int()
      .min(0)
      .max(31 * day)
      .optional(),
    /** No more than so many runs begin. */
    maxRuns: z.int().min(1).max(1_000_000).optional(),
  })
  .refine(hasWhatItBeginsWith, noWindow);
export type Schedule = z.infer<typeof schedule>;

/**
 * `starting`: its pushes are being put together. `missed`: nobody was there in time. `overlapped`: the run before had not
 * ended. `elsewhere`: another bench of the shared registry has it.
 */
export const scheduleRunState = z.enum(['starting', 'started', 'missed', 'overlapped', 'elsewhere', 'failed']);
export type ScheduleRunState = z.infer<typeof scheduleRunState>;

/** A time at which a schedule was due, and what came of it. */
export const scheduleRun = z.object({
  dueAt: timestamp,
  state: scheduleRunState,
  /** Why nothing began; else `null`. */
  reason: z.string().nullable(),
  /** Of runs that were missed one after the other, how many; the last of them was due then. */
  count: z.int(),
  /** What it pushed, as far as that is on record. */
  updates: z.array(update.pick({ id: true, name: true, state: true, counts: true, total: true })),
  at: timestamp,
});
export type ScheduleRun = z.infer<typeof scheduleRun>;

/** A schedule, and how it stands. */
export const namedSchedule = z.object({
  ...schedule.shape,
  name: profileName,
  isEnabled: z.boolean(),
  /** When it runs next; `null` when it does not any more, or is disabled. */
  nextRunAt: timestamp.nullable(),
  /** What came of the last time it was due; `null` before the first. */
  lastRun: scheduleRun.nullable(),
  /** Runs that began. */
  runs: z.int(),
  /** In words. */
  description: z.string(),
  createdAt: timestamp,
});
export type NamedSchedule = z.infer<typeof namedSchedule>;

/** When something comes next, in words and in times. */
export const schedulePreview = z.object({
  description: z.string(),
  runs: z.array(timestamp),
  /** What becomes of it on the nights of the year ahead on which the clock changes; those as any other are left out. */
  clockChanges: z.array(z.string()),
});
export type SchedulePreview = z.infer<typeof schedulePreview>;

/** One time that a schedule may work, `[opensAt, closesAt)`; a run that needs no window has no end. */
export const calendarTime = z.object({ opensAt: timestamp, closesAt: timestamp.nullable() });
export type CalendarTime = z.infer<typeof calendarTime>;

/** When a schedule is at work in some days, by one clock. */
export const calendarEntry = z.object({
  name: profileName,
  /** By whose wall clock; `null` where it is just a moment. */
  zone: zone.nullable(),
  /** Where it follows the clocks of sites, the one of this entry. */
  location: z.string().nullable(),
  /** In their order; of what opens all the time, the first 100. */
  times: z.array(calendarTime),
});
export type CalendarEntry = z.infer<typeof calendarEntry>;

/** The days to come of the schedules that are enabled. */
export const scheduleCalendar = z.object({
  /** Of the 200 schedules that run soonest; those that do not run in these days are left out. */
  entries: z.array(calendarEntry),
  /** Whether more of them run in these days. */
  hasMore: z.boolean(),
});
export type ScheduleCalendar = z.infer<typeof scheduleCalendar>;
