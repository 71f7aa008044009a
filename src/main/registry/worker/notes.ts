import { setTimeout as pause } from 'node:timers/promises';
import type { DeviceId, DevicePatch, DeviceSelection } from '../../../shared/model/index.ts';

/** How long the end of a push waits for its notes to be written. */
const patienceMs = 5_000;

type Learned = Pick<DevicePatch, 'status' | 'lastSeen' | 'firmwareVersion'>;

/**
 * How long notes are gathered: a push to a hundred devices learns the same of many at once. `lastSeen` is as exact as
 * this; each further change would be a commit.
 */
const gatherMs = 200;

/** Gathers what pushes learn about devices, and writes it in few pieces that no push waits for. */
export interface Notes {
  note(id: DeviceId, learned: Learned): void;
  /** Fulfilled when everything noted is written, or another bench's import takes longer than one waits for that. */
  close(): Promise<void>;
}

export function createNotes(change: (selection: DeviceSelection, changes: DevicePatch) => Promise<unknown>): Notes {
  const gathered = new Map<DeviceId, Learned>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const alike = new Map<string, { ids: DeviceId[]; learned: Learned }>();
    for (const [id, learned] of gathered) {
      // The time of the first of a group stands for all: they were seen within the same moment.
      const key = JSON.stringify({ ...learned, lastSeen: typeof learned.lastSeen });
      const group = alike.get(key) ?? { ids: [], learned };
      group.ids.push(id);
      alike.set(key, group);
    }
    gathered.clear();
    // A device that is gone by now is not missed; a registry that cannot be reached learns it with the next push.
    const written = [...alike.values()].map(({ ids, learned }) =>
      change({ filter: { ids } }, learned).catch((thrown) => console.error('The registry could not be told:', thrown)),
    );
    writing = Promise.all([writing, ...written]);
  };

  return {
    note(id, learned) {
      gathered.set(id, { ...gathered.get(id), ...learned });
      timer ??= setTimeout(write, gatherMs);
    },
    async close() {
      if (timer) write();
      await Promise.race([writing, pause(patienceMs, undefined, { ref: false })]);
    },
  };
}
