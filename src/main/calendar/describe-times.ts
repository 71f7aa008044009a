import type { CronFields } from './cron-field.ts';
import { listed, ranges, twoDigits } from './words.ts';

/** More times of a day than this are told by their minutes and hours. */
const mostTimes = 6;

/** At which times of a day a cron expression runs: `at 02:00`, `every 15 minutes from 09:00 to 17:59`. */
export function describeTimes(fields: CronFields): string {
  const [seconds, minutes, hours] = [fields.second.values, fields.minute.values, fields.hour.values];
  const [second = 0] = seconds;
  const times = hours.length * minutes.length <= mostTimes ? timesOf(hours, minutes) : undefined;
  if (times && seconds.length === 1) {
    return `at ${listed(second === 0 ? times : times.map((time) => `${time}:${twoDigits(second)}`))}`;
  }
  if (seconds.length === 1 && second === 0) return minutesOf(minutes, hours);
  if (times) return `at ${listed(times)}, ${secondsOf(seconds, 'the minute')}`;
  if (minutes.length === 60) return `${secondsOf(seconds, 'every minute')}${duringHours(hours)}`;
  return `${minutesOf(minutes, hours)}, ${secondsOf(seconds, 'the minute')}`;
}

const secondsOf = (seconds: number[], minute: string) =>
  everyOf(seconds, 60, 'second') ?? `at ${numbered('second', seconds)} of ${minute}`;

const timesOf = (hours: number[], minutes: number[]) =>
  hours.flatMap((hour) => minutes.map((minute) => `${twoDigits(hour)}:${twoDigits(minute)}`));

function minutesOf(minutes: number[], hours: number[]): string {
  const every = everyOf(minutes, 60, 'minute');
  if (every) return `${every}${duringHours(hours)}`;
  const onTheHour = minutes.length === 1 && minutes[0] === 0;
  if (hours.length === 24) return onTheHour ? 'every hour' : `at ${numbered('minute', minutes)} of every hour`;
  if (onTheHour) return `at ${listed(ranges(hours, (hour) => `${twoDigits(hour)}:00`))}`;
  return `at ${numbered('minute', minutes)} of ${numbered('hour', hours)}`;
}

/** `every minute`, `every 15 minutes`: only where that goes on evenly from one hour (or minute) to the next. */
function everyOf(values: number[], all: number, unit: string): string | undefined {
  const step = all / values.length;
  if (values.length < 2 || !values.every((value, index) => value === index * step)) return undefined;
  return step === 1 ? `every ${unit}` : `every ${step} ${unit}s`;
}

function numbered(unit: string, values: number[]): string {
  return `${unit}${values.length === 1 ? '' : 's'} ${listed(ranges(values, String))}`;
}

/** ` from 09:00 to 17:59`. */
function duringHours(hours: number[]): string {
  if (hours.length === 24) return '';
  const blocks: [number, number][] = [];
  for (const hour of hours) {
    const block = blocks.at(-1);
    if (block?.[1] === hour - 1) block[1] = hour;
    else blocks.push([hour, hour]);
  }
  return ` ${listed(blocks.map(([first, last]) => `from ${twoDigits(first)}:00 to ${twoDigits(last)}:59`))}`;
}
