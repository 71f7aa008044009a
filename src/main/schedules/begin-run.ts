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
  /** Whether a run that had to wait may still begin. */
  isInTime(): boolean;
  record(run: StoredRun): void;
  signal: AbortSignal;
}

/** How often a shared registry that cannot be reached is asked again. */
const askAgainMs = 5_000;

/** Brings a run that is on record as `starting` to what comes of it. Rejects only where that cannot be recorded. */
export async function beginRun(parts: RunParts, beginning: Beginning): Promise<void> {
  const { record, run } = beginning;
  try {
    record({ ...run, ...(await outcomeOf(parts, beginning)) });
  } catch (thrown) {
    if (beginning.signal.aborted) return;
    record({ ...run, state: 'failed', reason: toPushrodError(thrown).message });
  }
}

type Outcome = Pick<StoredRun, 'state' | 'reason'> & Partial<Pick<StoredRun, 'updateIds'>>;

async function outcomeOf(parts: RunParts, beginning: Beginning): Promise<Outcome> {
  const { updates } = parts;
  const { stored, run, former } = beginning;
  const unended = former?.updateIds.map((id) => updates.find(id)).find((one) => one && !hasEnded(one.state));
  if (unended) {
    return { state: 'overlapped', reason: `"${unended.name}" of the run before is still ${unended.state}.` };
  }
  const taken = await claim(parts, beginning);
  if (taken) return taken;
  const name = `${stored.name} ${minuteOf(run.dueMs)}`;
  const { requests, leftOut } = await pushesOf(parts, stored.schedule, name);
  const faults: string[] = leftOut === undefined ? [] : [leftOut];
  const updateIds: UpdateId[] = [];
  for (const request of requests) {
    const id = idOf(stored, run, request);
    try {
      // A run that was cut off while it began has some of them already.
      if (!updates.find(id)) await updates.push(request, `schedule ${stored.name}`, id);
      updateIds.push(id);
    } catch (thrown) {
      faults.push(toPushrodError(thrown).message);
    }
  }
  return { state: updateIds.length > 0 ? 'started' : 'failed', reason: faults.join(' ') || null, updateIds };
}

/** What becomes of a run that is not for this bench; `undefined` where it is. */
async function claim(
  { devices }: RunParts,
  { stored, run, isInTime, signal }: Beginning,
): Promise<Outcome | undefined> {
  for (;;) {
    try {
      const other = await devices.claim(keyOf(stored, run), stored.id);
      return other === undefined ? undefined : { state: 'elsewhere', reason: `It was begun by ${other}.` };
    } catch (thrown) {
      if (toPushrodError(thrown).code !== 'REGISTRY_UNREACHABLE') throw thrown;
      if (!isInTime()) return { state: 'missed', reason: 'The shared registry could not be reached in time.' };
      await pause(askAgainMs, undefined, { signal });
    }
  }
}

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
