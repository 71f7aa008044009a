import type { PushrodClient } from '../../../shared/contract/index.ts';
import { type Firmware, type NamedProfile, type NamedSlot, profileName, slot } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { formatBytes } from '../../lib/format.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { t } from '../../messages/index.ts';

/** A slot while it is made or changed; the model checks it as it is typed. */
export class SlotForm {
  readonly former: NamedSlot | undefined;
  name = $state('');
  address = $state('');
  profile = $state('');
  identityCommand = $state('');
  identityPattern = $state('');
  firmware = $state<string[]>([]);
  refusal = $state.raw<Failure>();
  readonly profiles = new LiveQuery<NamedProfile[]>();
  readonly library = new LiveQuery<Firmware[]>();
  readonly #taken = new LiveQuery<NamedSlot[]>();
  readonly #begun: string;

  constructor(former: NamedSlot | undefined) {
    this.former = former;
    this.name = former?.name ?? '';
    this.address = former?.address ?? '';
    this.profile = former?.profile ?? '';
    this.identityCommand = former?.identityCommand ?? '';
    this.identityPattern = former?.identityPattern ?? '';
    this.firmware = [...(former?.firmware ?? [])];
    this.#begun = JSON.stringify(this.#input());
  }

  #input() {
    const { address, profile, identityCommand, identityPattern, firmware } = this;
    const pattern = identityPattern === '' ? {} : { identityPattern };
    return { name: this.name, slot: { address, profile, identityCommand, firmware: [...firmware], ...pattern } };
  }

  readonly #checked = $derived.by(() => slot.safeParse(this.#input().slot));
  readonly isChanged = $derived.by(() => JSON.stringify(this.#input()) !== this.#begun);
  readonly nameProblem = $derived.by(() => {
    if (this.former || this.name === '') return undefined;
    if (this.#taken.value?.some(({ name }) => name === this.name)) return t().slots.form.taken;
    return profileName.safeParse(this.name).error?.issues[0]?.message;
  });
  readonly missing = $derived.by(() => {
    const { name, address, profile, identityCommand } = this;
    const { needs } = t().slots.form;
    if (name === '') return needs.name;
    if (this.nameProblem) return needs.nameMended;
    if (address.trim() === '') return needs.address;
    if (profile === '') return needs.profile;
    if (identityCommand.trim() === '') return needs.identity;
    return this.#checked.success ? undefined : needs.mending;
  });
  /** Those a slot can work with. */
  readonly usable = $derived(
    (this.profiles.value ?? []).filter(
      ({ profile: { transport, jumpHost } }) => transport === 'ssh' && jumpHost === undefined,
    ),
  );
  readonly files = $derived.by(() => {
    const library = (this.library.value ?? []).map(({ sha256, fileName, version, sizeBytes }) => ({
      ...{ value: sha256 as string, name: fileName, about: `${version} ${formatBytes(sizeBytes)}`.trim() },
    }));
    const gone = this.firmware.filter((sha256) => !library.some(({ value }) => value === sha256));
    const notThere = gone.map((sha256) => ({ value: sha256, name: sha256.slice(0, 12), about: t().slots.form.gone }));
    return [...library, ...(this.library.value ? notThere : [])];
  });

  /** What is wrong with a field that is not empty. */
  at(field: 'address' | 'identityPattern' | 'firmware'): string | undefined {
    if (this.#checked.success || this[field].length === 0) return undefined;
    return this.#checked.error.issues.find(({ path }) => path[0] === field)?.message;
  }

  fetch(client: PushrodClient): void {
    this.profiles.fetch(async () => (await client.profiles.list()).profiles);
    this.library.fetch(async () => (await client.firmware.list()).firmware);
    this.#taken.fetch(async () => (await client.slots.list()).slots);
  }

  /** Keeps the slot; whether that succeeded. What was typed stays in any case. */
  async save(client: PushrodClient): Promise<boolean> {
    this.refusal = undefined;
    if (!this.#checked.success) return false;
    try {
      await client.slots.set({ name: this.name, slot: this.#checked.data });
      return true;
    } catch (thrown) {
      this.refusal = toFailure(thrown);
      return false;
    }
  }
}
