import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { HostKeyPolicy, UpdateId } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { FirmwareBundle } from '../../lib/firmware-bundle.svelte.ts';
import { newPushDraft, type PushDraft, type PushInput, strategyOf } from '../../lib/push-draft.ts';
import { isSaidInSheet, type PushPart, pushProblemsOf } from '../../lib/push-problems.ts';
import { timesOf } from '../../lib/schedule-draft.ts';
import type { ChosenDevices } from '../../lib/selection.svelte.ts';
import { zoneHere } from '../../lib/zones.ts';
import { t } from '../../messages/index.ts';
import { Preview } from '../schedules/preview.svelte.ts';
import { Forecast } from './forecast.svelte.ts';
import { PushPlan } from './push-plan.svelte.ts';

/** A push while it is put together. */
export class PushForm {
  readonly bundle = new FirmwareBundle();
  readonly plan: PushPlan;
  draft = $state<PushDraft>(newPushDraft(zoneHere));
  hostKeys = $state<HostKeyPolicy>('accept-new');
  /** Other files than those that are there are being chosen. */
  isChoosing = $state(false);
  readonly forecast = new Forecast();
  /** Of the window. */
  readonly preview = new Preview();
  refusal = $state.raw<Failure>();

  constructor(chosen: ChosenDevices) {
    this.plan = new PushPlan(chosen);
  }

  readonly #strategy = $derived.by(() => strategyOf(this.draft, zoneHere));
  readonly #windowTimes = $derived.by(() => {
    const times = this.draft.when === 'window' ? timesOf(this.draft.window, undefined, zoneHere) : undefined;
    return times && 'starts' in times ? times : undefined;
  });
  readonly needsLogin = $derived.by(() => this.plan.logins?.some(({ credential }) => credential === undefined));
  /** What it is to be; `undefined` while something is missing. */
  readonly request: PushInput | undefined = $derived.by(() => {
    const { firmware } = this.bundle;
    if (this.#needed !== undefined || !firmware || 'part' in this.#strategy) return undefined;
    const { selection, profile } = this.plan;
    if (!selection) return undefined;
    return {
      ...this.#strategy,
      firmware: firmware.map(({ sha256 }) => sha256),
      selection,
      profile: profile === '' ? undefined : profile,
      hostKeys: this.hostKeys,
    };
  });
  /** What is wrong with each part, the core's word of it last. */
  readonly problems: Partial<Record<PushPart, string>> = $derived.by(() => ({
    ...pushProblemsOf(this.refusal),
    ...pushProblemsOf(this.preview.failure),
    ...pushProblemsOf(this.forecast.failure),
    ...('part' in this.#strategy && { [this.#strategy.part]: this.#strategy.message }),
  }));
  /** What went wrong and is not said at a part. */
  readonly otherFailure = $derived(
    [this.refusal, this.forecast.failure].find((failure) => failure && !isSaidInSheet(failure)),
  );
  readonly missing = $derived.by(() => {
    if (this.#needed !== undefined) return this.#needed;
    const isMarked = 'part' in this.#strategy || (this.forecast.failure && isSaidInSheet(this.forecast.failure));
    return isMarked || this.preview.failure ? t().push.missing.marked : undefined;
  });
  readonly #needed = $derived.by(() => {
    const { bundle, plan } = this;
    const words = t().push.missing;
    if (this.isChoosing || bundle.files.length === 0) return words.file;
    if (bundle.hasFailed) return words.notHere;
    if (!bundle.firmware) return words.takenIn;
    if (plan.deviceCount === 0) return words.devices;
    if (plan.logins?.some(({ candidates }) => candidates.length > 0)) return words.whichLogin;
    return this.needsLogin ? words.login : undefined;
  });

  /** Asks what the push would do, and when its window opens, as it is chosen now. */
  look(client: PushrodClient): void {
    this.forecast.ask(client, this.request);
    this.preview.ask(client, this.#windowTimes);
  }

  /** Keeps the version in the library, which devices are compared by. */
  async describe(client: PushrodClient): Promise<void> {
    const last = this.bundle.last;
    const version = last?.version.trim() ?? '';
    if (!last?.firmware || version === last.firmware.version) return;
    last.firmware = await client.firmware.describe({ sha256: last.firmware.sha256, changes: { version } });
  }

  /** Begins it; `undefined` where it was refused. What was chosen stays in any case. */
  async push(client: PushrodClient): Promise<UpdateId | undefined> {
    this.refusal = undefined;
    const { request } = this;
    if (!request) return undefined;
    try {
      await this.describe(client);
      return (await client.updates.push(request)).updateId;
    } catch (thrown) {
      this.refusal = toFailure(thrown);
      return undefined;
    }
  }

  stop(): void {
    this.bundle.stop();
    this.forecast.stop();
    this.preview.stop();
  }
}
