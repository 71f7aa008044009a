import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { AuditEntry, UpdateId } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';

/** So many entries are fetched at once. */
const pageSize = 5_000;

/** What happened in an update, as it is on record: the oldest first, and what has come since each time it is asked for. */
export class EventLog {
  entries = $state.raw<AuditEntry[]>([]);
  failure = $state.raw<Failure>();
  readonly #updateId: UpdateId;
  #isFetching = false;
  #isStale = false;

  constructor(updateId: UpdateId) {
    this.#updateId = updateId;
  }

  /** Fetches what is new; asked again meanwhile, it looks once more afterwards. */
  async renew(client: PushrodClient): Promise<void> {
    this.#isStale = true;
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      while (this.#isStale) {
        const after = this.entries.at(-1)?.id;
        const { entries } = await client.audit.list({
          ...{ updateId: this.#updateId, order: 'oldestFirst', limit: pageSize },
          ...(after !== undefined && { after }),
        });
        if (entries.length > 0) this.entries = [...this.entries, ...entries];
        this.#isStale = entries.length === pageSize;
      }
      this.failure = undefined;
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
    this.#isFetching = false;
  }
}
