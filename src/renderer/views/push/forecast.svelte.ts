import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { PushForecast } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { createLatest } from '../../lib/latest.ts';
import type { PushInput } from '../../lib/push-draft.ts';

type Answer = { value: PushForecast } | { failure: Failure };

/** What a push would do that is being put together. */
export class Forecast {
  value = $state.raw<PushForecast>();
  failure = $state.raw<Failure>();
  /** What is shown is of what was chosen before; the answer is on its way. */
  isStale = $state(false);
  /** The devices are being knocked at. */
  isProbing = $state(false);
  readonly #typed = createLatest<Answer>(250);
  #asked: { client: PushrodClient; push: PushInput } | undefined;

  /** Asks after a pause; `undefined` where it is not known so far what is pushed, and to what. */
  ask(client: PushrodClient, push: PushInput | undefined): void {
    this.isProbing = false;
    this.#asked = push && { client, push };
    if (!push) {
      this.stop();
      this.value = undefined;
      this.failure = undefined;
      return;
    }
    this.isStale = true;
    this.#typed.ask(() => answerOf(client, push, false), this.#take);
  }

  /** Looks as well whether the devices can be reached; that holds until something else is chosen. */
  probe(): void {
    if (!this.#asked) return;
    const { client, push } = this.#asked;
    this.isProbing = true;
    this.#typed.ask(() => answerOf(client, push, true), this.#take);
  }

  stop(): void {
    this.#typed.stop();
    this.isStale = false;
  }

  readonly #take = (answer: Answer): void => {
    this.isStale = false;
    this.isProbing = false;
    this.value = 'value' in answer ? answer.value : undefined;
    this.failure = 'failure' in answer && answer.failure.code !== 'CONNECTION_LOST' ? answer.failure : undefined;
  };
}

async function answerOf(client: PushrodClient, push: PushInput, probe: boolean): Promise<Answer> {
  try {
    return { value: await client.updates.forecast({ push, probe }) };
  } catch (thrown) {
    return { failure: toFailure(thrown) };
  }
}
