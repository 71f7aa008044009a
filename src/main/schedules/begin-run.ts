import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { toPushrodError } from '../../shared/errors.ts';
import { hasEnded, type PushRequest, type UpdateId } from '../../shared/model/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import type { Devices } from '../registry/index.ts';
import type { Updates } from '../updates/index.ts';
import { pushesOf } from './pushes.ts';
import type { Stored, StoredRun } from './schedule-store.ts';

export interface RunParts {
  devices: Pick<Devices, 'select' | 'claim'>;
  firmware: Pick<FirmwareStore, 'list'>;
  updates: Pick<Updates, 'push' | 'find' | 'forecast'>;
}

interface Beginning {
  stored: Stored;
  run: StoredRun;
  /** The last run that began, if there was one. */
  former: StoredRun | undefined;
  /** Why a run that had to wait may not begin any more. */
  hindrance(): Hindrance | undefined;
  record(run: StoredRun): void;
  signal: AbortSignal;
}

/** It is too late for it; or its schedule was removed, disabled or changed. */
export type Hindrance = 'late' | 'unwanted';

/** How often a shared registry that cannot be reached is asked again. */
const askAgainMs = 5_000;

/** Brings a run that is on record as `starting` to what comes of it. Rejects only where that cannot be recorded. */
export async function beginRun(parts: RunParts, beginning: Beginning): Promise<void> {
  const { record, run, signal } = beginning;
  const outcome = await outcomeOf(parts, beginning).catch((thrown: unknown): Outcome => {
    return { state: 'failed', reason: toPushrodError(thrown).message };
  });
  // What could not be begun as Pushrod closes is taken up when it is open again.
  if (signal.aborted && outcome.reason !== null) return;
  record({ ...run, updateIds: [], ...outcome });
}

/** Says which push of a run has not ended, if one has not. */
export function unendedOf(updates: Pick<Updates, 'find'>, run: StoredRun | undefined): string | undefined {
  const unended = run?.updateIds.map((id) => updates.find(id)).find((one) => one && !hasEnded(one.state));
  return unended && `"${unended.name}" of the run before is still ${unended.state}.`;
}

type Outcome = Pick<StoredRun, 'state' | 'reason'> & Partial<Pick<StoredRun, 'updateIds'>>;

async function outcomeOf(parts: RunParts, beginning: Beginning): Promise<Outcome> {
  const { updates } = parts;
  const { stored, run, former, record } = beginning;
  const unended = unendedOf(updates, former);
  if (unended !== undefined) return { state: 'overlapped', reason: unended };
  // A run that was cut off while it began has some of its pushes already.
  const isBegun = (id: UpdateId) => updates.find(id) !== undefined;
  const begun = run.updateIds.filter(isBegun);
  const claimed = await ask(beginning, () => parts.devices.claim(keyOf(stored, run), stored.id));
  if ('hindered' in claimed) {
    return begun.length > 0 ? { ...claimed.hindered, state: 'started', updateIds: begun } : claimed.hindered;
  }
  if (claimed.answer !== undefined) return { state: 'elsewhere', reason: `It was begun by ${claimed.answer}.` };
  const name = `${stored.name} ${minuteOf(run.dueMs)}`;
  const found = await ask(beginning, () => pushesOf(parts, stored.schedule, name));
  if ('hindered' in found) return found.hindered;
  const { requests, leftOut } = found.answer;
  const pushes = requests.map((request) => ({ request, id: idOf(stored, run, request) }));
  const ids = begun.length > 0 ? run.updateIds : pushes.map(({ id }) => id);
  record({ ...run, updateIds: ids });
  const faults: string[] = leftOut === undefined ? [] : [leftOut];
  for (const { request, id } of pushes) {
    // What is the newest may have changed since it was cut off: a device gets one firmware in a run.
    if (isBegun(id) || !ids.includes(id)) continue;
    try {
      const pushed = await ask(beginning, () => updates.push(request, `schedule ${stored.name}`, id));
      if ('hindered' in pushed && pushed.hindered.reason !== null) faults.push(pushed.hindered.reason);
    } catch (thrown) {
      faults.push(toPushrodError(thrown).message);
    }
  }
  const updateIds = ids.filter(isBegun);
  return { state: updateIds.length > 0 ? 'started' : 'failed', reason: faults.join(' ') || null, updateIds };
}

/** Asks the registry until it answers, or the run may not begin any more. */
async function ask<T>(
  { hindrance, signal }: Beginning,
  what: () => Promise<T>,
): Promise<{ answer: T } | { hindered: Outcome }> {
  for (let wasAway = false; ; wasAway = true) {
    const hindered = hinderedBy(hindrance(), wasAway);
    if (hindered) return { hindered };
    try {
      return { answer: await what() };
    } catch (thrown) {
      if (toPushrodError(thrown).code !== 'REGISTRY_UNREACHABLE') throw thrown;
      await pause(askAgainMs, undefined, { signal });
    }
  }
}

function hinderedBy(hindrance: Hindrance | undefined, wasAway: boolean): Outcome | undefined {
  switch (hindrance) {
    case 'late':
      return { state: 'missed', reason: wasAway ? 'The shared registry could not be reached in time.' : outOfTime };
    case 'unwanted':
      return { state: 'missed', reason: 'The schedule was disabled or changed before it could begin.' };
    case undefined:
      return undefined;
  }
}

const outOfTime = 'Pushrod was closed, or the laptop asleep, before it could begin.';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Benches that share a registry have the same run where they push the same to the same devices at the same time. */
function keyOf({ schedule: { starts, windows, blackouts, push } }: Stored, { dueMs }: StoredRun): string {
  const { firmware, selection } = push;
  return sha256(JSON.stringify({ starts, windows, blackouts, firmware, selection, dueMs }));
}

/** One run pushes each firmware once, however often it is begun. */
function idOf({ id }: Stored, { dueMs }: StoredRun, { firmware }: PushRequest): UpdateId {
  return sha256(JSON.stringify({ id, dueMs, firmware })).slice(0, 32) as UpdateId;
}

const minuteOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
