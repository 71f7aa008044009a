import { PushrodError } from '../../shared/errors.ts';
import type { NamedSlot, Slot, SlotStatus } from '../../shared/model/index.ts';
import type { Database } from '../data/index.ts';
import { createFeed } from '../feed/index.ts';
import { runSlot, type SlotRun, type SlotSources, slotOff } from './run-slot.ts';
import { createSlotStore } from './slot-store.ts';

/** Places on the bench where one board after the other comes up at the same address, and is flashed. */
export interface Slots {
  list(): NamedSlot[];
  /** @throws PushrodError `CONFLICT` while it is started */
  set(name: string, slot: Slot): NamedSlot;
  /** @throws PushrodError `SLOT_NOT_FOUND`; `CONFLICT` while it is started */
  remove(name: string): void;
  /**
   * From now on, boards that appear are flashed in the name of `actor`. One that is started stays as it is.
   * @throws PushrodError `SLOT_NOT_FOUND`, `PROFILE_NOT_FOUND`, `FIRMWARE_NOT_FOUND`, `INVALID_INPUT`; `CONFLICT` when
   * another started slot has the address
   */
  start(name: string, actor: string): void;
  /** Fulfilled when the board that was being flashed has come to its end. @throws PushrodError `SLOT_NOT_FOUND` */
  stop(name: string): Promise<void>;
  /** What happens at all slots: now, then whenever something changed. */
  frames(signal: AbortSignal | undefined): AsyncGenerator<SlotStatus[], void, void>;
  /** Ends all of them; what is being flashed is left to its update. */
  close(): Promise<void>;
}

/** A board hardly notices a look, and nobody waits long for the next one to be seen. */
const gentlyMs = 1_500;

export interface SlotsSources extends Omit<SlotSources, 'betweenLooksMs'> {
  database: Database;
  betweenLooksMs?: number;
}

export function createSlots({ database, betweenLooksMs = gentlyMs, ...parts }: SlotsSources): Slots {
  const sources: SlotSources = { ...parts, betweenLooksMs };
  const store = createSlotStore(database);
  const feed = createFeed<string>();
  const runs = new Map<string, SlotRun & { address: string }>();
  /** What came of those that were stopped, as long as Pushrod is open. */
  const former = new Map<string, SlotStatus>();

  const statusOf = ({ name }: NamedSlot) => ({ ...(runs.get(name)?.status ?? former.get(name) ?? slotOff(name)) });
  const requireOff = (name: string) => {
    if (!runs.has(name)) return;
    throw new PushrodError('CONFLICT', `The slot "${name}" is started; stop it first.`);
  };

  return {
    list: store.list,
    set(name, slot) {
      requireOff(name);
      const set = store.set({ ...slot, name });
      feed.mark(name);
      return set;
    },
    remove(name) {
      requireOff(name);
      store.remove(name);
      former.delete(name);
      feed.mark(name);
    },
    start(name, actor) {
      const slot = store.get(name);
      if (runs.has(name)) return;
      const { address } = slot;
      const other = [...runs].find(([, run]) => run.address === address)?.[0];
      if (other !== undefined) {
        throw new PushrodError('CONFLICT', `The slot "${other}" is started at ${address} already.`);
      }
      runs.set(name, { address, ...runSlot(sources, { slot, actor, changed: () => feed.mark(name) }) });
      feed.mark(name);
    },
    async stop(name) {
      store.get(name);
      const run = runs.get(name);
      if (!run) return;
      await run.stop();
      former.set(name, run.status);
      runs.delete(name);
      feed.mark(name);
    },
    async *frames(signal) {
      const changes = feed.frames(signal);
      yield store.list().map(statusOf);
      for await (const _ of changes) yield store.list().map(statusOf);
    },
    async close() {
      await Promise.all([...runs.values()].map((run) => run.abandon()));
      feed.end();
    },
  };
}
