/** Pieces of sentences about times. */

export const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const monthNames = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

const smallNumbers = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: string[], word = 'and'): string {
  return parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`;
}

/** Numbers in order, three or more neighbours as a range: `1 to 5, 9`. */
export function ranges(values: number[], write: (value: number) => string): string[] {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return runs.flatMap((run) =>
    run.length < 3 ? run.map(write) : [`${write(run[0] ?? 0)} to ${write(run.at(-1) ?? 0)}`],
  );
}

/** `1st`, `22nd`, `13th`. */
export function ordinal(value: number): string {
  const teen = value % 100 >= 11 && value % 100 <= 13;
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${ending}`;
}

export const twoDigits = (value: number) => String(value).padStart(2, '0');

/** `two hours`, `90 minutes`, `1 day`. */
export function lengthOf(ms: number): string {
  const units = [
    { name: 'day', ms: 86_400_000 },
    { name: 'hour', ms: 3_600_000 },
    { name: 'minute', ms: 60_000 },
    { name: 'second', ms: 1_000 },
  ];
  const { name, ms: unitMs } = units.find((unit) => ms >= unit.ms && ms % unit.ms === 0) ?? { name: 'ms', ms: 1 };
  const count = ms / unitMs;
  return `${smallNumbers[count] ?? count} ${name}${count === 1 || name === 'ms' ? '' : 's'}`;
}

/** `Sun 29 Mar 2026 02:00`, of a wall-clock time counted as if it were UTC. */
export function civilText(civilMs: number): string {
  return `${dayText(civilMs)} ${timeText(civilMs)}`;
}

export function dayText(civilMs: number): string {
  const date = new Date(civilMs);
  const weekday = weekdayNames[date.getUTCDay()]?.slice(0, 3);
  return `${weekday} ${date.getUTCDate()} ${monthNames[date.getUTCMonth()]?.slice(0, 3)} ${date.getUTCFullYear()}`;
}

export function timeText(civilMs: number): string {
  const time = new Date(civilMs).toISOString().slice(11, 19);
  return time.endsWith(':00') ? time.slice(0, 5) : time;
}
