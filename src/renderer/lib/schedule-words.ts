import {
  type DeviceSelection,
  type Firmware,
  hasEnded,
  type PushTemplate,
  type ScheduleRun,
  type ScheduleTimes,
} from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { failedCount } from './progress.ts';
import type { Tone } from './tones.ts';

/** What came of a run, in a word or two, and how good that is. */
export function outcomeOf({ state, count, updates }: ScheduleRun): { word: string; tone: Tone } {
  const { states, missed } = t().schedules.outcomes;
  if (state === 'started') return outcomeOfUpdates(updates);
  return { word: state === 'missed' && count > 1 ? missed(count) : states[state], tone: tones[state] };
}

const tones = {
  starting: 'busy',
  missed: 'warn',
  overlapped: 'warn',
  elsewhere: 'idle',
  failed: 'bad',
} as const satisfies Partial<Record<ScheduleRun['state'], Tone>>;

function outcomeOfUpdates(updates: ScheduleRun['updates']): { word: string; tone: Tone } {
  const words = t().schedules.outcomes;
  const { update: states } = t().states;
  const failed = updates.reduce((sum, update) => sum + failedCount(update), 0);
  const open = updates.filter(({ state }) => !hasEnded(state));
  if (failed > 0) return { word: words.failed(failed), tone: 'bad' };
  if (open.some(({ state }) => state === 'running')) return { word: states.running, tone: 'busy' };
  if (open.some(({ state }) => state === 'scheduled')) return { word: words.waits, tone: 'idle' };
  const [first] = [...open, ...updates.filter(({ state }) => state !== 'completed')];
  if (first) return { word: states[first.state], tone: first.state === 'failed' ? 'bad' : 'warn' };
  return updates.length > 0 ? { word: states.completed, tone: 'good' } : { word: words.states.started, tone: 'idle' };
}

/** Which devices a schedule means. */
export function selectionText(selection: DeviceSelection): string {
  const words = t().schedules.selection;
  if ('all' in selection) return words.all;
  if ('ids' in selection) return words.chosen(selection.ids.length);
  const { location, model, ...others } = selection.filter;
  const said = [
    ...(location ? [words.at(location.map((one) => one ?? words.noLocation))] : []),
    ...(model ? [words.ofModel(model.map((one) => one ?? words.noModel))] : []),
    ...Object.entries(others).map(
      ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ];
  return words.devices(said);
}

/** What a schedule pushes. @param library `undefined` until it is known */
export function firmwareText(firmware: PushTemplate['firmware'], library: readonly Firmware[] | undefined): string {
  if (firmware === 'latest') return t().schedules.firmware.latest;
  const nameOf = (sha256: string) => {
    const found = library?.find((one) => one.sha256 === sha256);
    return found ? `${found.fileName} ${found.version}`.trim() : sha256.slice(0, 12);
  };
  return t().schedules.firmware.inOrder([firmware].flat().map(nameOf));
}

/** In whose wall-clock time a schedule runs; `undefined` where that is each site's, or the reader's. */
export function zoneOf({ starts, windows }: Pick<ScheduleTimes, 'starts' | 'windows'>): string | undefined {
  if (starts.kind === 'cron') return starts.tz;
  const zones = new Set(windows.map(({ tz }) => tz));
  const [only] = zones;
  return starts.kind === 'windows' && zones.size === 1 && only !== 'site' ? only : undefined;
}
