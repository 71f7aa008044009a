import { t } from '../messages/index.ts';
import { toFailure } from './failure.ts';
import { notice } from './notice.svelte.ts';

/** Something that was done and can be taken back. */
export interface Undoable {
  /** What was done: `3 devices changed.` */
  said: string;
  /** Takes it back, and says so. */
  undo(): Promise<string>;
}

/** More of them nobody remembers having done. */
const most = 50;

/** What was done last, to be taken back in turn: by the notice that says it, or by Ctrl+Z. */
class Undo {
  #done = $state.raw<readonly Undoable[]>([]);

  get last(): Undoable | undefined {
    return this.#done.at(-1);
  }

  /** Says what was done, and offers to take it back. */
  did(step: Undoable): void {
    this.#done = [...this.#done, step].slice(-most);
    notice.say(step.said, { label: t().common.undo, act: () => void this.take(step) });
  }

  /** Takes back the last thing that was done, or a certain one. */
  async take(step: Undoable | undefined = this.last): Promise<void> {
    if (!step || !this.#done.includes(step)) return;
    this.#done = this.#done.filter((one) => one !== step);
    try {
      notice.say(await step.undo());
    } catch (thrown) {
      const failure = toFailure(thrown);
      // What did not reach Pushrod can be tried again.
      if (failure.code === 'CONNECTION_LOST') this.#done = [...this.#done, step];
      notice.say(failure.message);
    }
  }
}

export const undo = new Undo();
