import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { HostKey } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { notice } from '../../lib/notice.svelte.ts';
import { saveFile } from '../../lib/save-file.ts';
import { t } from '../../messages/index.ts';

/** The host keys that are known, as far as they are searched for. */
export class KnownHosts {
  readonly all = new LiveQuery<HostKey[]>();
  /** Part of a host's name, of a type or of a fingerprint. */
  search = $state('');
  /** Of the last import or export. */
  refusal = $state.raw<Failure>();
  readonly found = $derived.by(() => {
    const wanted = this.search.trim().toLowerCase();
    const hosts = this.all.value ?? [];
    if (wanted === '') return hosts;
    return hosts.filter(({ host, keyType, fingerprint }) =>
      `${host} ${keyType} ${fingerprint}`.toLowerCase().includes(wanted),
    );
  });

  fetch(client: PushrodClient): void {
    this.all.fetch(async () => (await client.hosts.list()).hosts);
  }

  async import(client: PushrodClient, file: File | undefined): Promise<void> {
    if (!file) return;
    await this.#attempt(async () => {
      const { added, unchanged } = await client.hosts.import({ content: await file.text() });
      notice.say(t().settings.hosts.imported(added, unchanged));
      this.fetch(client);
    });
  }

  async export(client: PushrodClient): Promise<void> {
    await this.#attempt(async () => {
      saveFile('known_hosts', (await client.hosts.export()).content, 'text/plain');
    });
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    this.refusal = undefined;
    try {
      await act();
    } catch (thrown) {
      this.refusal = toFailure(thrown);
    }
  }
}
