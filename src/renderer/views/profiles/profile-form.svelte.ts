import type { PushrodClient } from '../../../shared/contract/index.ts';
import { type NamedProfile, profileName } from '../../../shared/model/index.ts';
import { type Failure, RefusedError, toFailure } from '../../lib/failure.ts';
import { checkDraft, draftOf, type ProfileDraft, type ProfileProblems, problemAt } from '../../lib/profile-draft.ts';
import { t } from '../../messages/index.ts';

/** What the form begins with. */
export interface ProfileStart {
  /** The one to change; a new one when left out. */
  former?: NamedProfile;
  /** A new one that begins as this one is. */
  like?: NamedProfile;
}

/** A profile while it is made or changed; the model checks it as it is typed. */
export class ProfileForm {
  readonly former: NamedProfile | undefined;
  draft = $state<ProfileDraft>() as ProfileDraft;
  refusal = $state.raw<Failure>();
  readonly #begun: string;

  constructor({ former, like }: ProfileStart) {
    this.former = former;
    this.draft = draftOf(former?.name ?? (like ? `${like.name}-2` : ''), (former ?? like)?.profile);
    this.#begun = JSON.stringify(this.draft);
  }

  readonly #checked = $derived.by(() => checkDraft(this.draft));
  readonly problems: ProfileProblems = $derived('problems' in this.#checked ? this.#checked.problems : {});
  readonly nameProblem = $derived.by(() => {
    const taken = this.refusal?.details.find(({ field }) => field === 'name')?.message;
    if (taken !== undefined || this.draft.name === '') return taken;
    return profileName.safeParse(this.draft.name).error?.issues[0]?.message;
  });
  readonly otherFailure = $derived(
    this.refusal?.details.some(({ field }) => field === 'name') ? undefined : this.refusal,
  );
  readonly isChanged = $derived.by(() => JSON.stringify(this.draft) !== this.#begun);
  readonly missing = $derived.by(() => {
    const { needs } = t().profiles.form;
    if (this.draft.name === '') return needs.name;
    if (this.nameProblem !== undefined && !this.refusal) return needs.nameMended;
    return 'problems' in this.#checked ? needs.mending : undefined;
  });

  /** What is wrong with a field, or with something in it. */
  at(path: string): string | undefined {
    return problemAt(this.problems, path);
  }

  /** Keeps the profile; whether that succeeded. What was typed stays in any case. */
  async save(client: PushrodClient): Promise<boolean> {
    this.refusal = undefined;
    const { name } = this.draft;
    if (!('profile' in this.#checked)) return false;
    const { profile } = this.#checked;
    try {
      if (!this.former) await requireNew(client, name);
      await client.profiles.set({ name, profile });
      return true;
    } catch (thrown) {
      this.refusal = toFailure(thrown);
      return false;
    }
  }
}

async function requireNew(client: PushrodClient, name: string): Promise<void> {
  const { profiles } = await client.profiles.list();
  if (!profiles.some((one) => one.name === name)) return;
  const message = t().profiles.form.taken(name);
  const details = [{ field: 'name', message }];
  throw new RefusedError({ code: 'CONFLICT', message, hint: t().profiles.form.chooseName, details });
}
