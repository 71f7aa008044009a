/** How a report writes moments, in one time zone (IANA). */
export interface Words {
  zone: string;
  moment(at: string | number | null): string;
  timeOfDay(at: string | number): string;
}

/** In the zone of this laptop, when none is named. */
export function wordsIn(timeZone?: string): Words {
  // The Swedish way to write them is that of ISO 8601.
  const moment = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
  const timeOfDay = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium', timeZone });
  return {
    zone: moment.resolvedOptions().timeZone,
    moment: (at) => (at === null ? '–' : moment.format(new Date(at))),
    timeOfDay: (at) => timeOfDay.format(new Date(at)),
  };
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min` */
export function durationText(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A state in words: `rolledBack` is "rolled back". */
export function stateText(state: string): string {
  return state.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
