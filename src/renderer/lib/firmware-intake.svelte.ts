import type { PushrodClient } from '../../shared/contract/index.ts';
import { guessVersion } from '../../shared/guess-version.ts';
import type { Firmware, Sha256 } from '../../shared/model/index.ts';
import { type Failure, toFailure } from './failure.ts';
import { addFirmware } from './upload.ts';

/** The firmware of a push: a file on its way into the library, or one that is there already. */
export class FirmwareIntake {
  file = $state.raw<File>();
  /** Share of the file that was taken in, 0 to 1. */
  share = $state(0);
  firmware = $state.raw<Firmware>();
  version = $state('');
  failure = $state.raw<Failure>();
  /** The signature that came along is being checked. */
  isSigning = $state(false);
  /** Why the signature that came along was not kept. */
  signatureFailure = $state.raw<Failure>();
  #stop = new AbortController();

  /** `undefined` until one of the library is known. */
  get name(): string | undefined {
    return this.firmware?.fileName ?? this.file?.name;
  }

  get isRunning(): boolean {
    return this.file !== undefined && this.firmware === undefined && this.failure === undefined;
  }

  async take(client: PushrodClient, file: File, signature?: File): Promise<void> {
    const signal = this.#begin();
    this.file = file;
    this.version = guessVersion(file.name);
    try {
      this.firmware = await addFirmware(client, file, this.version, (share) => (this.share = share), signal);
    } catch (thrown) {
      if (!signal.aborted) this.failure = toFailure(thrown);
      return;
    }
    if (signature) await this.sign(client, signature);
  }

  /** Keeps who signed it, where the signature is right. */
  async sign(client: PushrodClient, signature: File): Promise<void> {
    if (!this.firmware) return;
    const { signal } = this.#stop;
    this.isSigning = true;
    this.signatureFailure = undefined;
    try {
      const text = await signature.text();
      this.firmware = await client.firmware.sign({ sha256: this.firmware.sha256, signature: text }, { signal });
    } catch (thrown) {
      if (!signal.aborted) this.signatureFailure = toFailure(thrown);
    }
    this.isSigning = false;
  }

  /** @param version where it is another than the library's */
  async takeStored(client: PushrodClient, sha256: Sha256, version?: string): Promise<void> {
    const signal = this.#begin();
    try {
      this.use(await client.firmware.get({ sha256 }, { signal }));
      if (version !== undefined) this.version = version;
    } catch (thrown) {
      if (!signal.aborted) this.failure = toFailure(thrown);
    }
  }

  use(firmware: Firmware): void {
    this.#begin();
    this.firmware = firmware;
    this.version = firmware.version;
  }

  /** Ends what is under way, and forgets it. */
  drop(): void {
    this.#begin();
  }

  /** Ends what is under way. */
  stop(): void {
    this.#stop.abort();
  }

  #begin(): AbortSignal {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.file = undefined;
    this.firmware = undefined;
    this.failure = undefined;
    this.signatureFailure = undefined;
    this.isSigning = false;
    this.share = 0;
    return this.#stop.signal;
  }
}
