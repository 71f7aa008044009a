import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { SchedulePreview } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { createLatest } from '../../lib/latest.ts';
import type { TimesInput } from '../../lib/schedule-draft.ts';
import { zoneHere } from '../../lib/zones.ts';

type Answer = { value: SchedulePreview } | { failure: Failure };

/** What a schedule means that is being typed. */
export class Preview {
  value = $state.raw<SchedulePreview>();
  failure = $state.raw<Failure>();
  readonly #latest = createLatest<Answer>(200);

  /** Asks after a pause; `undefined` where the form is not filled in so far. */
  ask(client: PushrodClient, times: TimesInput | undefined): void {
    if (times) {
      this.#latest.ask(() => answerOf(client, times), this.#take);
      return;
    }
    this.stop();
    this.value = undefined;
    this.failure = undefined;
  }

  stop(): void {
    this.#latest.stop();
  }

  readonly #take = (answer: Answer): void => {
    this.value = 'value' in answer ? answer.value : undefined;
    this.failure = 'failure' in answer && answer.failure.code !== 'CONNECTION_LOST' ? answer.failure : undefined;
  };
}

async function answerOf(client: PushrodClient, schedule: TimesInput): Promise<Answer> {
  try {
    return { value: await client.schedules.preview({ schedule, localZone: zoneHere }) };
  } catch (thrown) {
    return { failure: toFailure(thrown) };
  }
}
