import { SvelteSet } from 'svelte/reactivity';
import type { PushrodClient } from '../../../shared/contract/index.ts';
import {
  type DeviceId,
  type DeviceUpdate,
  hasEnded,
  isFinal,
  type ReportFormat,
  type UpdateId,
} from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { totalsOf } from '../../lib/progress.ts';
import {
  type RateHistory,
  rateLately,
  type SentLately,
  spreadRates,
  withSample,
  withSent,
} from '../../lib/rate-history.ts';
import { saveFile } from '../../lib/save-file.ts';
import { actionsFor, type UpdateAction } from '../../lib/update-actions.ts';
import { type UpdatePicture, withFrame } from '../../lib/update-picture.ts';

/** What is shown below the figures of an update. */
export type Panel = 'devices' | 'log' | 'outputs';

const none: DeviceUpdate[] = [];

/** An update as it is watched, and what can be done with it. */
export class UpdateStore {
  readonly #client: () => PushrodClient;
  readonly #updateId: UpdateId;
  #picture = $state.raw<UpdatePicture>();
  failure = $state.raw<Failure>();
  busy = $state<UpdateAction | 'report' | 'retryThese' | 'skip'>();
  /** Devices that a person has chosen in the list. */
  readonly picks = new SvelteSet<DeviceId>();
  /** Counts the starts of watching: an update that goes on is watched anew. */
  watches = $state(0);
  #sentLately = $state.raw<SentLately>([]);
  #measured = $state.raw<RateHistory>({ atSeconds: [], rates: [] });

  /** @param client the one of the connection that is open now */
  constructor(client: () => PushrodClient, updateId: UpdateId) {
    this.#client = client;
    this.#updateId = updateId;
  }

  readonly update = $derived.by(() => this.#picture?.update);
  readonly name = $derived.by(() => this.update?.name);
  readonly staged = $derived.by(() => this.update?.counts.staged ?? 0);
  /** As they came: a device keeps its place. */
  readonly devices: DeviceUpdate[] = $derived.by(() => [...(this.#picture?.devices.values() ?? [])]);
  readonly ordered: DeviceUpdate[] = $derived.by(() => this.#picture?.ordered ?? none);
  /** Of the chosen ones, those that could be tried again, and those that could be left out. */
  readonly picked = $derived.by(() => {
    const chosen = this.picks.size === 0 ? [] : this.devices.filter(({ deviceId }) => this.picks.has(deviceId));
    const canRetry = this.allowed.has('retryFailed') || this.allowed.has('retryAll');
    const isOver = ({ state }: DeviceUpdate) => isFinal(state) && state !== 'succeeded';
    const canSkip = this.allowed.has('cancel');
    return {
      retryable: canRetry ? chosen.filter(isOver) : [],
      skippable: canSkip ? chosen.filter(({ state }) => !isFinal(state)) : [],
    };
  });
  /** Changes whenever more happened than that bytes were sent: there is something new on record. */
  readonly steps = $derived.by(() => this.#picture?.steps ?? 0);
  readonly totals = $derived.by(() => totalsOf(this.devices));
  /** Bytes a second: as it was over the last seconds, at first as the devices say. */
  readonly rate = $derived.by(() => rateLately(this.#sentLately) ?? this.totals.rateBytesPerSecond);
  /** How long it will still take at this rate; `undefined` when nothing is being sent. */
  readonly remainingMs = $derived.by(() => (this.rate > 0 ? (this.totals.bytesLeft * 1_000) / this.rate : undefined));
  readonly failed: DeviceUpdate[] = $derived.by(() => this.#picture?.failed ?? none);
  readonly #actions = $derived.by(() => (this.update ? [...actionsFor(this.update, this.devices)].join(' ') : ''));
  /** The same set until something else is allowed: what depends on it is not done anew with each frame. */
  readonly allowed: ReadonlySet<UpdateAction> = $derived.by(
    () => new Set(this.#actions.split(' ').filter(Boolean) as UpdateAction[]),
  );
  /** Measured while this page looked on; of what ended before, about what it was. */
  readonly rates: RateHistory = $derived.by(() =>
    this.#measured.rates.length > 1 ? this.#measured : spreadRates(this.devices, 120),
  );

  async watch(signal: AbortSignal): Promise<void> {
    try {
      for await (const frame of await this.#client().updates.watch({ updateId: this.#updateId }, { signal })) {
        this.#picture = withFrame(this.#picture, frame);
        this.failure = undefined;
        if (frame.update.state === 'running') {
          const nowMs = Date.now();
          this.#sentLately = withSent(this.#sentLately, nowMs, this.totals.bytesSent);
          this.#measured = withSample(this.#measured, nowMs, this.rate);
        }
      }
    } catch (thrown) {
      const found = toFailure(thrown);
      if (!signal.aborted && found.code !== 'CONNECTION_LOST') this.failure = found;
    }
  }

  /** Its stream has ended with it; that it goes on, from another window, is known only by the news that some update changed. */
  async lookAgain(): Promise<void> {
    const shown = this.update;
    if (!shown || !(hasEnded(shown.state) || shown.state === 'interrupted')) return;
    const { updates } = await this.#client()
      .updates.list()
      .catch(() => ({ updates: [] }));
    const found = updates.find(({ id }) => id === this.#updateId);
    const isElse = found && (found.state !== shown.state || found.endedAt !== shown.endedAt);
    if (isElse && this.update === shown) this.watches += 1;
  }

  async act(action: Exclude<UpdateAction, 'limits'>): Promise<void> {
    await this.#during(action, () => this.#call(action));
    this.watches += 1;
  }

  pick(devices: readonly DeviceUpdate[]): void {
    for (const { deviceId } of devices) this.picks.add(deviceId);
  }

  /** Tries these again, and no others. */
  async retryThese(devices: readonly DeviceUpdate[]): Promise<void> {
    const deviceIds = devices.map(({ deviceId }) => deviceId);
    await this.#during('retryThese', () =>
      this.#client().updates.retry({ updateId: this.#updateId, which: 'all', deviceIds }),
    );
    this.picks.clear();
    this.watches += 1;
  }

  /** Leaves these out; what is under way is cut off. */
  async skip(devices: readonly DeviceUpdate[]): Promise<void> {
    const deviceIds = devices.map(({ deviceId }) => deviceId);
    await this.#during('skip', () => this.#client().updates.skip({ updateId: this.#updateId, deviceIds }));
    this.picks.clear();
  }

  async saveReport(format: ReportFormat): Promise<void> {
    await this.#during('report', async () => {
      const { fileName, content } = await this.#client().updates.report({ updateId: this.#updateId, format });
      saveFile(fileName, content, { html: 'text/html', csv: 'text/csv', json: 'application/json' }[format]);
    });
  }

  async #during(what: NonNullable<UpdateStore['busy']>, work: () => Promise<unknown>): Promise<void> {
    this.busy = what;
    this.failure = undefined;
    try {
      await work();
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
    this.busy = undefined;
  }

  #call(action: Exclude<UpdateAction, 'limits'>): Promise<unknown> {
    const updateId = this.#updateId;
    const { updates } = this.#client();
    switch (action) {
      case 'pause':
        return updates.pause({ updateId, underWay: 'finish' });
      case 'cut':
        return updates.pause({ updateId, underWay: 'cut' });
      case 'retryFailed':
        return updates.retry({ updateId, which: 'failed' });
      case 'retryAll':
        return updates.retry({ updateId, which: 'all' });
      case 'approve':
        return this.#beginPhase();
      default:
        return updates[action]({ updateId });
    }
  }

  /** A person may have paused it between two phases, where none waits for approval: then it only goes on. */
  async #beginPhase(): Promise<void> {
    const updateId = this.#updateId;
    try {
      await this.#client().updates.approve({ updateId });
    } catch (thrown) {
      if (toFailure(thrown).code !== 'CONFLICT') throw thrown;
      await this.#client().updates.resume({ updateId });
    }
  }
}
