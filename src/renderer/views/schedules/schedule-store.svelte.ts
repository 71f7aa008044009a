import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { Firmware, NamedSchedule, SchedulePreview, ScheduleRun } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { notice } from '../../lib/notice.svelte.ts';
import { zoneHere } from '../../lib/zones.ts';
import { t } from '../../messages/index.ts';

/** So many of its last runs are shown. */
const runsShown = 100;

/** A schedule, and what can be done with it. */
export class ScheduleStore {
  readonly shown = new LiveQuery<{ schedule: NamedSchedule; preview: SchedulePreview; runs: ScheduleRun[] }>();
  readonly library = new LiveQuery<Firmware[]>();
  /** Of what was asked for last. */
  refusal = $state.raw<Failure>();
  busy = $state<'run' | 'enable'>();

  fetch(client: PushrodClient, name: string): void {
    this.shown.fetch(async () => {
      const schedule = await client.schedules.get({ name });
      const { starts, windows, blackouts, endsAt } = schedule;
      const times = { starts, windows, blackouts, ...(endsAt !== undefined && { endsAt }) };
      const [preview, { runs }] = await Promise.all([
        client.schedules.preview({ schedule: times, localZone: zoneHere }).catch((thrown: unknown) => {
          // It cannot run as it is, as the last site was removed whose clock it follows.
          if (toFailure(thrown).code !== 'INVALID_INPUT') throw thrown;
          return { description: schedule.description, runs: [], clockChanges: [] };
        }),
        client.schedules.history({ name, limit: runsShown }),
      ]);
      return { schedule, preview, runs };
    });
  }

  fetchLibrary(client: PushrodClient): void {
    this.library.fetch(async () => (await client.firmware.list()).firmware);
  }

  async runNow(client: PushrodClient, name: string): Promise<void> {
    await this.#act('run', async () => {
      const words = t().schedules.one;
      const run = await client.schedules.runNow({ name });
      notice.say(run.state === 'started' ? words.begun : (run.reason ?? words.notBegun));
    });
  }

  async enable(client: PushrodClient, name: string, isEnabled: boolean): Promise<void> {
    await this.#act('enable', () => client.schedules.enable({ name, isEnabled }));
  }

  async #act(what: 'run' | 'enable', act: () => Promise<unknown>): Promise<void> {
    this.busy = what;
    this.refusal = undefined;
    try {
      await act();
    } catch (thrown) {
      this.refusal = toFailure(thrown);
    }
    this.busy = undefined;
  }
}
