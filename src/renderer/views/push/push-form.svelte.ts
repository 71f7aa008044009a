import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { HostKeyPolicy, Sha256, UpdateId } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { FirmwareBundle } from '../../lib/firmware-bundle.svelte.ts';
import { hostKeyPolicy } from '../../lib/host-key-policy.svelte.ts';
import { KeptDraft } from '../../lib/kept-draft.svelte.ts';
import { newPushDraft, type PushDraft, type PushInput, strategyOf } from '../../lib/push-draft.ts';
import { isSaidInSheet, type PushPart, pushProblemsOf } from '../../lib/push-problems.ts';
import { timesOf } from '../../lib/schedule-draft.ts';
import { chosenById } from '../../lib/selection.svelte.ts';
import { zoneHere } from '../../lib/zones.ts';
import { t } from '../../messages/index.ts';
import { Preview } from '../schedules/preview.svelte.ts';
import { Forecast } from './forecast.svelte.ts';
import { type PushDevices, PushPlan, type PushTarget } from './push-plan.svelte.ts';

/** Under which name the sheet is kept over a reload. */
export const pushDraftName = 'push';

/** What of a push that is put together survives a reload: files only once they are in the library. */
export interface KeptPush {
  draft: PushDraft;
  hostKeys: HostKeyPolicy;
  firmware: Sha256[];
  /** As it was typed for the last of them; `undefined` where it is the library's. */
  version: string | undefined;
  /** For whom it is, where the sheet was not opened anew since. */
  devices: PushDevices | undefined;
  target: PushTarget;
  /** Empty for each device's own. */
  profile: string;
}

/** A push while it is put together. Made while its sheet is set up. */
export class PushForm {
  readonly bundle = new FirmwareBundle();
  readonly plan: PushPlan;
  readonly #kept = new KeptDraft<KeptPush>(pushDraftName, {
    ...{ draft: newPushDraft(zoneHere), hostKeys: hostKeyPolicy.usual, firmware: [], version: undefined },
    ...{ devices: undefined, target: undefined, profile: '' },
  });
  /** Other files than those that are there are being chosen. */
  isChoosing = $state(false);
  readonly forecast = new Forecast();
  /** Of the window. */
  readonly preview = new Preview();
  refusal = $state.raw<Failure>();

  /** @param given for whom it is; as it was left, where there is nothing */
  constructor(given: PushDevices | undefined) {
    const kept = this.#kept.value;
    const devices = given ?? kept.devices ?? { chosen: chosenById([]), isGiven: false, onlyName: undefined };
    kept.devices = devices;
    if (given?.chosen.selection) kept.target = 'selected';
    this.plan = new PushPlan(devices, kept);
  }

  get draft(): PushDraft {
    return this.#kept.value.draft;
  }

  set draft(draft: PushDraft) {
    this.#kept.value.draft = draft;
  }

  get hostKeys(): HostKeyPolicy {
    return this.#kept.value.hostKeys;
  }

  set hostKeys(policy: HostKeyPolicy) {
    this.#kept.value.hostKeys = policy;
  }

  /** Takes those of the library that the sheet had before a reload. */
  takeKept(client: PushrodClient): void {
    const { firmware, version } = this.#kept.value;
    if (firmware.length > 0) this.bundle.takeStored(client, firmware, version);
  }

  /** Keeps which firmware there is and its version, once all of it is in the library. */
  keepFirmware(): void {
    const { firmware, last } = this.bundle;
    if (!firmware || !last) return;
    this.#kept.value.firmware = firmware.map(({ sha256 }) => sha256);
    this.#kept.value.version = last.version === last.firmware?.version ? undefined : last.version;
  }

  /** It was pushed, or a person has closed the sheet. */
  forget(): void {
    this.#kept.forget();
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
    if (!bundle.firmware || bundle.isSigning) return words.takenIn;
    if (bundle.isSignedWrong) return words.signature;
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
