export { isBlackedOut } from './blackout.ts';
export { cronClockChanges, windowClockChanges } from './clock-changes.ts';
export { type Cron, parseCron } from './cron.ts';
export { type DescribeOptions, describeCron, describeMoment, describeWindow } from './describe.ts';
export { holidaysFromIcs } from './holidays.ts';
export { nextRun, runsAfter } from './runs.ts';
export { civilOf } from './wall-clock.ts';
export { type WindowOptions, type WindowTime, windowAt, windowsBetween } from './windows.ts';
export { localZone, parseZone } from './zone.ts';
