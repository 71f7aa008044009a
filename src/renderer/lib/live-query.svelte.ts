import { type Failure, toFailure } from './failure.ts';
import { session } from './session.svelte.ts';

/**
 * Something fetched that is fetched again when it changed; at most one request is under way. While the connection to
 * Pushrod, or Pushrod's to a shared registry, is lost the last value stays, and one note says so for all.
 */
export class LiveQuery<T> {
  value = $state.raw<T>();
  failure = $state.raw<Failure>();
  #isRunning = false;
  #next: (() => Promise<T>) | undefined;

  /** Fetches, and again with each new connection when called in an effect; of wishes meanwhile the latest is kept. */
  fetch(load: () => Promise<T>): void {
    if (session.isLost) return;
    this.#next = load;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#next) {
      const load = this.#next;
      this.#next = undefined;
      try {
        this.value = await load();
        this.failure = undefined;
      } catch (thrown) {
        const failure = toFailure(thrown);
        const isTold = failure.code === 'CONNECTION_LOST' || (failure.code === 'REGISTRY_UNREACHABLE' && this.value);
        if (!isTold) this.failure = failure;
      }
    }
    this.#isRunning = false;
  }
}
