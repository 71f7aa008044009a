import { placeOf, type ScheduleTimes, type Zone } from '../../shared/model/index.ts';
import {
  cronClockChanges,
  describeCron,
  describeMoment,
  describeWindow,
  parseCron,
  windowClockChanges,
} from '../calendar/index.ts';
import type { Sites } from '../sites/index.ts';

/** When a schedule runs, in plain language. @param localZone of whoever reads it */
export function describeSchedule(
  { starts, windows, blackouts }: ScheduleTimes,
  nowMs: number,
  localZone: Zone,
): string {
  const options = { from: new Date(nowMs), localZone, blackouts };
  const opens = windows.map(({ tz, ...window }) =>
    tz === 'site'
      ? describeWindow({ ...window, tz: localZone }, { whose: 'by the clock of each site' })
      : describeWindow({ ...window, tz }, options),
  );
  switch (starts.kind) {
    case 'once':
      return [`Once, ${describeMoment(new Date(starts.at), localZone)}`, ...opens.map(asLimit)].join('. ');
    case 'cron':
      return [describeCron(parseCron(starts.cron), starts.tz, options), ...opens.map(asLimit)].join('. ');
    case 'windows':
      return opens.join('. ');
  }
}

const asLimit = (window: string) => `Window: ${window}`;

/** What becomes of its runs and windows on the nights of the year ahead on which the clock changes, in plain language. */
export function describeClockChanges(
  { starts, windows, blackouts }: ScheduleTimes,
  sites: Sites,
  nowMs: number,
  localZone: Zone,
): string[] {
  const options = { from: new Date(nowMs), localZone, blackouts };
  const ofRuns = starts.kind === 'cron' ? cronClockChanges(parseCron(starts.cron), starts.tz, options) : [];
  const ofWindows = windows.flatMap(({ tz, ...window }) => {
    if (tz !== 'site') return windowClockChanges({ ...window, tz }, options);
    const zones = new Set(sites.list().map((site) => site.zone));
    return [...zones].flatMap((zone) =>
      windowClockChanges({ ...window, tz: zone }, options).map((said) => `${placeOf(zone)}: ${said}`),
    );
  });
  return [...ofRuns, ...ofWindows];
}
