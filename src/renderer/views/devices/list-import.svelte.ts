import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { ImportOptions, ImportResult } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import type { HeadRow } from '../../lib/list-head.ts';
import type { ListLayout } from '../../lib/list-layout.ts';
import { notice } from '../../lib/notice.svelte.ts';
import { undo } from '../../lib/undo.svelte.ts';
import { t } from '../../messages/index.ts';

/** A list on its way in. */
export interface ListToImport {
  content: string;
  fileName?: string | undefined;
  format?: ImportOptions['format'];
  /** What is shown of it, and what its columns are taken for; none where it has no columns. */
  rows?: HeadRow[] | undefined;
  layout?: ListLayout | undefined;
}

/** A list is checked again whenever something about it changed, and imported once a person says so. */
export class ListImport {
  list = $state.raw<ListToImport>();
  /** A person may say what the columns are. */
  layout = $state<ListLayout>();
  onConflict = $state<ImportOptions['onConflict']>('fail');
  checked = $state.raw<ImportResult>();
  failure = $state.raw<Failure>();
  isChecking = $state(false);
  #lastCheck = 0;

  readonly changes = $derived.by(() => (this.checked?.added ?? 0) + (this.checked?.updated ?? 0));
  readonly isEmpty = $derived.by(() => this.checked && this.changes + this.checked.skipped === 0);
  /** What is wrong with each line. */
  readonly faults = $derived.by(() => {
    const byLine = new Map<number, string>();
    for (const { line, field, message } of this.failure?.details ?? []) {
      if (line === undefined) continue;
      const said = `${field ? `${field}: ` : ''}${message}`;
      const earlier = byLine.get(line);
      byLine.set(line, earlier ? `${earlier}; ${said}` : said);
    }
    return byLine;
  });

  take(list: ListToImport | undefined): void {
    this.list = list;
    this.layout = list?.layout && { columns: [...list.layout.columns], hasHeadings: list.layout.hasHeadings };
  }

  /** Nothing is changed by it; of checks under way the last one counts. */
  async check(client: PushrodClient): Promise<void> {
    const request = this.#request();
    this.#lastCheck += 1;
    const mine = this.#lastCheck;
    this.checked = undefined;
    this.failure = undefined;
    this.isChecking = request !== undefined;
    if (!request) return;
    try {
      const checked = await client.devices.import({ ...request, dryRun: true });
      if (mine === this.#lastCheck) this.checked = checked;
    } catch (thrown) {
      if (mine === this.#lastCheck) this.failure = toFailure(thrown);
    }
    if (mine === this.#lastCheck) this.isChecking = false;
  }

  async import(client: PushrodClient): Promise<boolean> {
    const request = this.#request();
    if (!request) return false;
    try {
      sayImported(client, await client.devices.import(request));
      return true;
    } catch (thrown) {
      this.failure = toFailure(thrown);
      return false;
    }
  }

  #request() {
    if (!this.list) return undefined;
    const { content, fileName, format } = this.list;
    const layout = this.layout && { columns: [...this.layout.columns], hasHeadings: this.layout.hasHeadings };
    return { source: { content, fileName }, format, ...layout, onConflict: this.onConflict };
  }
}

/** Says what an import did, and offers to undo it where nothing was changed but added. */
export function sayImported(client: PushrodClient, { added, updated, addedIds }: ImportResult): void {
  const said = t().devices.list.done(added, updated);
  if (!addedIds || addedIds.length === 0) notice.say(said);
  else
    undo.did({
      said,
      async undo() {
        const { removed } = await client.devices.remove({ selection: { filter: { ids: addedIds } } });
        return t().devices.list.undone(removed);
      },
    });
}
