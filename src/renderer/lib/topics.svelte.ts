import type { PushrodClient, Topic } from '../../shared/contract/index.ts';

/** Counts up whenever a list changed, so that an effect which reads a count fetches that list again. */
export class Topics {
  #counts = $state<Record<Topic, number>>({
    devices: 0,
    firmware: 0,
    updates: 0,
    schedules: 0,
    profiles: 0,
    audit: 0,
    registry: 0,
  });

  count(topic: Topic): number {
    return this.#counts[topic];
  }

  /** Listens until `signal` aborts or the connection ends. */
  async follow(client: PushrodClient, signal: AbortSignal): Promise<void> {
    try {
      for await (const { changed } of await client.events.watch(undefined, { signal })) {
        for (const topic of changed) this.#counts[topic] += 1;
      }
    } catch {
      // The connection was cut: everything is fetched anew with the next one.
    }
  }
}
