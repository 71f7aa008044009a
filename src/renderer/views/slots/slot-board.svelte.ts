import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { NamedSlot, SlotStatus } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { notice } from '../../lib/notice.svelte.ts';
import { t } from '../../messages/index.ts';

/** The slots of the bench, what happens at each, and what can be done there. */
export class SlotBoard {
  readonly slots = new LiveQuery<NamedSlot[]>();
  #statuses = $state.raw<ReadonlyMap<string, SlotStatus>>(new Map());
  /** What was refused at each slot. */
  refusals = $state.raw<ReadonlyMap<string, Failure>>(new Map());
  /** Asked to stop; the board that is being flashed comes to its end first. */
  stopping = $state.raw<ReadonlySet<string>>(new Set());

  statusOf({ name }: NamedSlot): SlotStatus | undefined {
    return this.#statuses.get(name);
  }

  /** Listens until `signal` aborts or the connection ends. */
  async follow(client: PushrodClient, signal: AbortSignal): Promise<void> {
    try {
      for await (const { slots } of await client.slots.watch(undefined, { signal })) {
        this.#statuses = new Map(slots.map((one) => [one.name, one]));
        this.slots.fetch(async () => (await client.slots.list()).slots);
      }
    } catch {
      // The connection was cut: everything is fetched anew with the next one.
    }
  }

  async start(client: PushrodClient, ...slots: NamedSlot[]): Promise<void> {
    for (const { name } of slots) await this.#at(name, () => client.slots.start({ name }));
  }

  async stop(client: PushrodClient, { name }: NamedSlot): Promise<void> {
    this.stopping = new Set([...this.stopping, name]);
    await this.#at(name, () => client.slots.stop({ name }));
    this.stopping = new Set([...this.stopping].filter((one) => one !== name));
  }

  async remove(client: PushrodClient, { name, ...slot }: NamedSlot): Promise<void> {
    await this.#at(name, async () => {
      await client.slots.remove({ name });
      notice.say(t().slots.removed(name), {
        label: t().common.undo,
        act: () => void this.#at(name, () => client.slots.set({ name, slot })),
      });
    });
  }

  async #at(name: string, act: () => Promise<unknown>): Promise<void> {
    const others = [...this.refusals].filter(([one]) => one !== name);
    try {
      await act();
      this.refusals = new Map(others);
    } catch (thrown) {
      this.refusals = new Map([...others, [name, toFailure(thrown)]]);
    }
  }
}
