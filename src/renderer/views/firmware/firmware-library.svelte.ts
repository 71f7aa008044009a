import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { Firmware, Signer } from '../../../shared/model/index.ts';
import { FirmwareIntake } from '../../lib/firmware-intake.svelte.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { notice } from '../../lib/notice.svelte.ts';
import { t } from '../../messages/index.ts';

/** The firmware files there are, on how many devices each is, who is trusted to sign them, and what is being added. */
export class FirmwareLibrary {
  readonly files = new LiveQuery<Firmware[]>();
  readonly #installed = new LiveQuery<Map<string, number>>();
  readonly signers = new LiveQuery<Signer[]>();
  readonly intake = new FirmwareIntake();

  fetch(client: PushrodClient): void {
    this.files.fetch(async () => (await client.firmware.list()).firmware);
    this.signers.fetch(async () => (await client.signers.list()).signers);
  }

  fetchInstalled(client: PushrodClient): void {
    const versions = new Set(this.files.value?.map(({ version }) => version).filter((version) => version !== ''));
    if (versions.size > 0) this.#installed.fetch(() => countsOf(client, versions));
  }

  /** How many devices run its version; `undefined` until that is known, and where its version is not. */
  installedOf({ version }: Firmware): number | undefined {
    return this.#installed.value?.get(version);
  }

  async add(client: PushrodClient, files: Iterable<File>): Promise<void> {
    for (const file of files) {
      const before = new Set(this.files.value?.map(({ sha256 }) => sha256));
      await this.intake.take(client, file);
      const { firmware } = this.intake;
      if (!firmware) return;
      const isKnown = before.has(firmware.sha256);
      notice.say(isKnown ? t().firmware.isThereAs(file.name, firmware.fileName) : t().firmware.isThere(file.name));
    }
  }
}

/** The most frequent versions are counted at once, the others one by one. */
async function countsOf(client: PushrodClient, versions: ReadonlySet<string>): Promise<Map<string, number>> {
  const { values, distinct } = (await client.devices.facets({})).firmwareVersion;
  const counts = new Map(values.map(({ value, count }) => [value ?? '', count]));
  for (const version of versions) {
    if (counts.has(version)) continue;
    const isCounted = distinct > values.length;
    const filter = { firmwareVersion: version };
    counts.set(version, isCounted ? (await client.devices.list({ filter, limit: 1 })).total : 0);
  }
  return counts;
}
