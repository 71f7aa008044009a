import type { ScheduleTimes, Zone } from '../../shared/model/index.ts';
import { describeCron, describeMoment, describeWindow, parseCron } from '../calendar/index.ts';

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
