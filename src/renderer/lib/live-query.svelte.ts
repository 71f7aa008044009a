import { type Failure, toFailure } from './failure.ts';

/** Something fetched that is fetched again when it changed; at most one request is under way. */
export class LiveQuery<T> {
  value = $state.raw<T>();
  failure = $state.raw<Failure>();
  #isRunning = false;
  #next: (() => Promise<T>) | undefined;

  /** Fetches; while another fetch is under way, only the latest wish is kept for afterwards. */
  fetch(load: () => Promise<T>): void {
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
        this.failure = toFailure(thrown);
      }
    }
    this.#isRunning = false;
  }
}
