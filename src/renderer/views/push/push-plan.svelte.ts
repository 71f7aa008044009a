import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { Credential, DeviceSelection, NamedProfile } from '../../../shared/model/index.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { type LoginUse, loginsOf } from '../../lib/logins.ts';
import { type ChosenDevices, filterOf } from '../../lib/selection.svelte.ts';

/** Devices looked at to know which logins they need; the core refuses a push for one beyond, before it starts. */
const devicesLookedAt = 2_000;

/** Which devices a push goes to, how, and with which logins. */
export class PushPlan {
  readonly chosen: ChosenDevices;
  target = $state<'selected' | 'all'>();
  /** Empty for each device's own. */
  profile = $state('');
  readonly profiles = new LiveQuery<NamedProfile[]>();
  readonly total = new LiveQuery<number>();
  readonly #credentials = new LiveQuery<Credential[]>();
  readonly #profilesUsed = new LiveQuery<(string | null)[]>();

  constructor(chosen: ChosenDevices) {
    this.chosen = chosen;
    if (chosen.selection) this.target = 'selected';
  }

  readonly deviceCount = $derived.by(() => {
    if (this.target === 'selected') return this.chosen.count;
    return this.target === 'all' ? (this.total.value ?? 0) : 0;
  });
  /** `undefined` while nothing is chosen. */
  readonly selection: DeviceSelection | undefined = $derived.by(() => {
    if (this.target === 'selected') return this.chosen.selection;
    return this.target === 'all' ? { all: true } : undefined;
  });
  /** `undefined` until it is known. */
  readonly logins = $derived.by(() => {
    const used = this.profile === '' ? this.#profilesUsed.value : [this.profile];
    const [profiles, credentials] = [this.profiles.value, this.#credentials.value];
    if (!used || !profiles || !credentials) return undefined;
    // What a person still has to do comes first.
    const isThere = ({ credential }: LoginUse) => Number(credential !== undefined);
    return loginsOf(used, profiles, credentials).sort((a, b) => isThere(a) - isThere(b));
  });

  fetch(client: PushrodClient): void {
    this.total.fetch(async () => (await client.devices.list({ limit: 1 })).total);
    this.fetchLogins(client);
  }

  fetchLogins(client: PushrodClient): void {
    this.profiles.fetch(async () => (await client.profiles.list()).profiles);
    this.#credentials.fetch(async () => (await client.credentials.list()).credentials);
  }

  fetchProfilesUsed(client: PushrodClient): void {
    const filter = filterOf(this.selection);
    this.#profilesUsed.fetch(async () => {
      const { devices } = await client.devices.list({ filter, limit: devicesLookedAt });
      return [...new Set(devices.map(({ profile }) => profile))];
    });
  }
}
