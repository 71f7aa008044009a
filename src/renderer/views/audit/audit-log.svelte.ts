import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { AuditCheck, AuditEntry, Update, UpdateId } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';

/** So many entries are fetched at once. */
const pageSize = 500;

/** What happened and who did it, the newest first, as far down as someone has looked. */
export class AuditLog {
  updateId = $state<UpdateId | ''>('');
  /** A day of the calendar here, or empty. */
  since = $state('');
  entries = $state.raw<AuditEntry[]>();
  hasMore = $state(false);
  isFetching = $state(false);
  failure = $state.raw<Failure>();
  readonly updates = new LiveQuery<Update[]>();
  readonly check = new LiveQuery<AuditCheck>();
  isChecking = $state(false);
  #asked = 0;

  #filter() {
    const { updateId, since } = this;
    return {
      ...(updateId !== '' && { updateId }),
      ...(since !== '' && { since: new Date(`${since}T00:00`).toISOString() }),
    };
  }

  /** Fetches from the top: another filter was chosen. */
  async begin(client: PushrodClient): Promise<void> {
    this.entries = undefined;
    await this.#fetch(client, { ...this.#filter(), order: 'newestFirst', limit: pageSize }, (found) => {
      this.entries = found;
      this.hasMore = found.length === pageSize;
    });
  }

  /** Fetches what is older than what is shown. */
  async more(client: PushrodClient): Promise<void> {
    const last = this.entries?.at(-1);
    if (!last || !this.hasMore || this.isFetching) return;
    await this.#fetch(client, { ...this.#filter(), order: 'newestFirst', after: last.id, limit: pageSize }, (found) => {
      this.entries = [...(this.entries ?? []), ...found];
      this.hasMore = found.length === pageSize;
    });
  }

  /** Fetches what has come since; where that is much, it begins again at the top. */
  async renew(client: PushrodClient): Promise<void> {
    if (!this.entries && this.isFetching) return;
    const [first] = this.entries ?? [];
    if (!first) return this.begin(client);
    const { entries } = await client.audit.list({ ...this.#filter(), after: first.id, limit: pageSize });
    if (entries.length === pageSize) return this.begin(client);
    if (first === this.entries?.[0] && entries.length > 0) this.entries = [...entries.reverse(), ...this.entries];
  }

  async verify(client: PushrodClient): Promise<void> {
    this.isChecking = true;
    this.check.fetch(async () => {
      try {
        return await client.audit.verify();
      } finally {
        this.isChecking = false;
      }
    });
  }

  async #fetch(
    client: PushrodClient,
    request: Parameters<PushrodClient['audit']['list']>[0],
    take: (found: AuditEntry[]) => void,
  ): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.isFetching = true;
    try {
      const { entries } = await client.audit.list(request);
      if (mine !== this.#asked) return;
      take(entries);
      this.failure = undefined;
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (mine === this.#asked && failure.code !== 'CONNECTION_LOST') this.failure = failure;
    }
    if (mine === this.#asked) this.isFetching = false;
  }
}
