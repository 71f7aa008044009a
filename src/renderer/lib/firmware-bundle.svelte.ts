import type { PushrodClient } from '../../shared/contract/index.ts';
import type { Firmware, Sha256 } from '../../shared/model/index.ts';
import { FirmwareIntake } from './firmware-intake.svelte.ts';
import { isFor, withSignatures } from './signature-pairs.ts';

/** The files of a push, in the order they are brought: one, or several that make a bundle. */
export class FirmwareBundle {
  files = $state<FirmwareIntake[]>([]);

  /** The one whose version the devices report afterwards. */
  readonly last = $derived.by(() => this.files.at(-1));
  readonly isRunning = $derived.by(() => this.files.some((one) => one.isRunning));
  readonly hasFailed = $derived.by(() => this.files.some(({ failure }) => failure !== undefined));
  /** `undefined` until each of them is in the library. */
  readonly firmware: Firmware[] | undefined = $derived.by(() => {
    const found = this.files.flatMap(({ firmware }) => firmware ?? []);
    return found.length > 0 && found.length === this.files.length ? found : undefined;
  });

  readonly isSigning = $derived.by(() => this.files.some((one) => one.isSigning));
  readonly isSignedWrong = $derived.by(() => this.files.some(({ signatureFailure }) => signatureFailure !== undefined));

  /**
   * Takes files in, in place of those that are here or after them, each with the signature that came along for it. A
   * signature that comes alone is for one that is here.
   */
  take(client: PushrodClient, given: readonly File[], how: 'replace' | 'append'): void {
    const { files, loose } = withSignatures(given);
    if (how === 'replace' && files.length > 0) this.#clear();
    for (const signature of loose) this.#oneFor(signature)?.sign(client, signature);
    for (const { file, signature } of files) {
      const intake = new FirmwareIntake();
      this.files.push(intake);
      void intake.take(client, file, signature);
    }
  }

  #oneFor(signature: File): FirmwareIntake | undefined {
    const named = this.files.find(({ name }) => name !== undefined && isFor(signature, { name }));
    return named ?? (this.files.length === 1 ? this.files[0] : undefined);
  }

  /** @param version of the last one, where it is another than the library's */
  takeStored(client: PushrodClient, hashes: readonly Sha256[], version?: string): void {
    this.#clear();
    for (const [index, sha256] of hashes.entries()) {
      const intake = new FirmwareIntake();
      this.files.push(intake);
      void intake.takeStored(client, sha256, index === hashes.length - 1 ? version : undefined);
    }
  }

  use(firmware: Firmware, how: 'replace' | 'append'): void {
    if (how === 'replace') this.#clear();
    const intake = new FirmwareIntake();
    intake.use(firmware);
    this.files.push(intake);
  }

  /** @param by -1 for one place earlier, 1 for one later */
  move(intake: FirmwareIntake, by: -1 | 1): void {
    const from = this.files.indexOf(intake);
    const other = this.files[from + by];
    if (!other) return;
    this.files[from + by] = intake;
    this.files[from] = other;
  }

  remove(intake: FirmwareIntake): void {
    intake.stop();
    this.files = this.files.filter((one) => one !== intake);
  }

  /** Ends what is under way. */
  stop(): void {
    for (const one of this.files) one.stop();
  }

  #clear(): void {
    this.stop();
    this.files = [];
  }
}
