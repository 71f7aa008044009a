import { type Failure, toFailure } from '../../lib/failure.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { notice } from '../../lib/notice.svelte.ts';

/** A setting of this laptop, and what a person makes of it before it is kept. */
export class Setting<Value, Draft> {
  readonly kept = new LiveQuery<Value>();
  draft = $state<Draft>() as Draft;
  failure = $state.raw<Failure>();
  readonly #draftOf: (value: Value) => Draft;
  #begun: string;

  constructor(empty: Draft, draftOf: (value: Value) => Draft) {
    this.draft = empty;
    this.#draftOf = draftOf;
    this.#begun = JSON.stringify(empty);
  }

  get isChanged(): boolean {
    return JSON.stringify(this.draft) !== this.#begun;
  }

  /** Takes what is kept into the form, unless someone is changing it. */
  follow(load: () => Promise<Value>): void {
    this.kept.fetch(async () => {
      const value = await load();
      if (!this.isChanged) this.#take(value);
      return value;
    });
  }

  async save(value: Value, keep: (value: Value) => Promise<unknown>, said: string): Promise<void> {
    this.failure = undefined;
    try {
      await keep(value);
      this.#take(value);
      notice.say(said);
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
  }

  #take(value: Value): void {
    const draft = this.#draftOf(value);
    this.#begun = JSON.stringify(draft);
    this.draft = draft;
  }
}
