import {
  type DeviceSelection,
  type Firmware,
  hasEnded,
  type PushTemplate,
  type ScheduleRun,
  type ScheduleTimes,
} from '../../shared/model/index.ts';
import { plural } from './format.ts';
import { failedCount } from './progress.ts';
import type { Tone } from './tones.ts';

/** What came of a run, in a word or two, and how good that is. */
export function outcomeOf({ state, count, updates }: ScheduleRun): { word: string; tone: Tone } {
  switch (state) {
    case 'starting':
      return { word: 'beginning', tone: 'busy' };
    case 'missed':
      return { word: count > 1 ? `${count} missed` : 'missed', tone: 'warn' };
    case 'overlapped':
      return { word: 'overlapped', tone: 'warn' };
    case 'elsewhere':
      return { word: 'on another bench', tone: 'idle' };
    case 'failed':
      return { word: 'not begun', tone: 'bad' };
    case 'started':
      return outcomeOfUpdates(updates);
  }
}

function outcomeOfUpdates(updates: ScheduleRun['updates']): { word: string; tone: Tone } {
  const failed = updates.reduce((sum, update) => sum + failedCount(update), 0);
  const open = updates.filter(({ state }) => !hasEnded(state));
  if (failed > 0) return { word: `${plural(failed, 'device')} failed`, tone: 'bad' };
  if (open.some(({ state }) => state === 'running')) return { word: 'running', tone: 'busy' };
  if (open.some(({ state }) => state === 'scheduled')) return { word: 'waits for its window', tone: 'idle' };
  const [first] = [...open, ...updates.filter(({ state }) => state !== 'completed')];
  if (first) return { word: first.state, tone: first.state === 'failed' ? 'bad' : 'warn' };
  return { word: updates.length > 0 ? 'completed' : 'begun', tone: updates.length > 0 ? 'good' : 'idle' };
}

/** Which devices a schedule means. */
export function selectionText(selection: DeviceSelection): string {
  if ('all' in selection) return 'all devices';
  if ('ids' in selection) return plural(selection.ids.length, 'chosen device');
  const { location, model, ...others } = selection.filter;
  const said = [
    ...(location ? [`at ${location.map((one) => one ?? 'no location').join(' or ')}`] : []),
    ...(model ? [`of model ${model.map((one) => one ?? 'none').join(' or ')}`] : []),
    ...Object.entries(others).map(
      ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ];
  return `devices ${said.join(', ')}`;
}

/** What a schedule pushes. @param library `undefined` until it is known */
export function firmwareText(firmware: PushTemplate['firmware'], library: readonly Firmware[] | undefined): string {
  if (firmware === 'latest') return 'the newest firmware for each model';
  const nameOf = (sha256: string) => {
    const found = library?.find((one) => one.sha256 === sha256);
    return found ? `${found.fileName} ${found.version}`.trim() : sha256.slice(0, 12);
  };
  return [firmware].flat().map(nameOf).join(', then ');
}

/** In whose wall-clock time a schedule runs; `undefined` where that is each site's, or the reader's. */
export function zoneOf({ starts, windows }: Pick<ScheduleTimes, 'starts' | 'windows'>): string | undefined {
  if (starts.kind === 'cron') return starts.tz;
  const zones = new Set(windows.map(({ tz }) => tz));
  const [only] = zones;
  return starts.kind === 'windows' && zones.size === 1 && only !== 'site' ? only : undefined;
}
