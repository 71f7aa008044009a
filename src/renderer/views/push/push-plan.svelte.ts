import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { Credential, DeviceSelection, NamedProfile } from '../../../shared/model/index.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { type LoginUse, loginsOf } from '../../lib/logins.ts';
import { type ChosenDevices, filterOf } from '../../lib/selection.svelte.ts';

/** Devices looked at to know which logins they need; the core refuses a push for one beyond, before it starts. */
const devicesLookedAt = 2_000;

/** For whom a push is, as the sheet was opened. */
export interface PushDevices {
  chosen: ChosenDevices;
  /** They were given with the push, and not ticked in the list. */
  isGiven: boolean;
  /** The name of the only one, where it is one that files were dropped on. */
  onlyName: string | undefined;
}

export type PushTarget = 'selected' | 'all' | undefined;

/** Which devices a push goes to, how, and with which logins. */
export class PushPlan {
  readonly devices: PushDevices;
  /** What a person chooses here. */
  readonly #choice: { target: PushTarget; profile: string };
  readonly profiles = new LiveQuery<NamedProfile[]>();
  readonly total = new LiveQuery<number>();
  readonly #credentials = new LiveQuery<Credential[]>();
  readonly #profilesUsed = new LiveQuery<(string | null)[]>();

  constructor(devices: PushDevices, choice: { target: PushTarget; profile: string }) {
    this.devices = devices;
    this.#choice = choice;
  }

  get target(): PushTarget {
    return this.#choice.target;
  }

  set target(target: PushTarget) {
    this.#choice.target = target;
  }

  /** Empty for each device's own. */
  get profile(): string {
    return this.#choice.profile;
  }

  set profile(profile: string) {
    this.#choice.profile = profile;
  }

  readonly deviceCount = $derived.by(() => {
    if (this.target === 'selected') return this.devices.chosen.count;
    return this.target === 'all' ? (this.total.value ?? 0) : 0;
  });
  /** `undefined` while nothing is chosen. */
  readonly selection: DeviceSelection | undefined = $derived.by(() => {
    if (this.target === 'selected') return this.devices.chosen.selection;
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
