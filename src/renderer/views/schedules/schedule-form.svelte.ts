import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { DeviceFacets, Firmware, NamedSchedule } from '../../../shared/model/index.ts';
import { type Failure, RefusedError, toFailure } from '../../lib/failure.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import {
  draftOf,
  type ScheduleDraft,
  scheduleOf,
  selectionOf,
  type TimesInput,
  timesOf,
} from '../../lib/schedule-draft.ts';
import { type FormPart, isSaidAtParts, problemsOf } from '../../lib/schedule-problems.ts';
import { selection } from '../../lib/selection.svelte.ts';
import { zoneHere } from '../../lib/zones.ts';
import { t } from '../../messages/index.ts';
import { Preview } from './preview.svelte.ts';

/** A schedule while it is made or changed. */
export class ScheduleForm {
  readonly former: NamedSchedule | undefined;
  /** Devices that are ticked in the list of devices. */
  readonly chosen = selection.chosen();
  draft = $state<ScheduleDraft>() as ScheduleDraft;
  readonly preview = new Preview();
  readonly library = new LiveQuery<Firmware[]>();
  readonly facets = new LiveQuery<DeviceFacets>();
  refusal = $state.raw<Failure>();
  /** It has times that no choice of the form stands for. */
  readonly cannotSay: boolean;
  readonly #begun: string;

  constructor(former: NamedSchedule | undefined) {
    this.former = former;
    this.draft = draftOf(former, zoneHere);
    if (!former && this.chosen.selection) this.draft.target = 'selected';
    this.cannotSay = this.draft.when === 'kept';
    this.#begun = JSON.stringify(this.draft);
  }

  readonly #times = $derived.by(() => timesOf(this.draft, this.former, zoneHere));
  readonly times: TimesInput | undefined = $derived('starts' in this.#times ? this.#times : undefined);
  readonly #selection = $derived.by(() => selectionOf(this.draft, this.former, this.chosen.selection));
  /** What is wrong with each part: what the core said of the times that are in the form, and of all when it was sent. */
  readonly problems: Partial<Record<FormPart, string>> = $derived.by(() => ({
    ...problemsOf(this.refusal),
    ...problemsOf(this.preview.failure),
    ...('part' in this.#times && { [this.#times.part]: this.#times.message }),
  }));
  /** What went wrong and is not said at a part. */
  readonly otherFailure = $derived(
    [this.refusal, this.preview.failure].find((failure) => failure && !isSaidAtParts(failure)),
  );
  readonly missing = $derived.by(() => {
    const { needs } = t().schedules.form;
    if (this.draft.name.trim() === '') return needs.name;
    if (!this.#selection) return needs.devices;
    if (this.preview.failure) return needs.mending;
    return this.times ? undefined : needs.times;
  });
  readonly isChanged = $derived.by(() => JSON.stringify(this.draft) !== this.#begun);

  fetch(client: PushrodClient): void {
    this.library.fetch(async () => (await client.firmware.list()).firmware);
    this.facets.fetch(() => client.devices.facets({}));
  }

  /** Keeps the schedule; whether that succeeded. What was typed stays in any case. */
  async save(client: PushrodClient): Promise<boolean> {
    this.refusal = undefined;
    const [times, selection] = [this.times, this.#selection];
    const name = this.draft.name.trim();
    if (!times || !selection) return false;
    try {
      if (!this.former) await requireNew(client, name);
      await client.schedules.set({ name, schedule: scheduleOf(this.draft, this.former, times, selection) });
      return true;
    } catch (thrown) {
      this.refusal = toFailure(thrown);
      return false;
    }
  }
}

async function requireNew(client: PushrodClient, name: string): Promise<void> {
  const { schedules } = await client.schedules.list();
  if (!schedules.some((one) => one.name === name)) return;
  const message = t().schedules.form.taken(name);
  const details = [{ field: 'name', message }];
  throw new RefusedError({ code: 'CONFLICT', message, hint: t().schedules.form.chooseName, details });
}
