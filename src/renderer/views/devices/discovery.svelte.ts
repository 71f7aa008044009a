import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { DiscoverRequest, FoundDevice } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { sayImported } from './list-import.svelte.ts';

/** A device that was found, and whether it is to be added under which name. */
interface Candidate {
  found: FoundDevice;
  name: string;
  isChosen: boolean;
}

/** A search for devices, and what came of it. */
export class Discovery {
  isRunning = $state(false);
  /** How many were found so far. */
  soFar = $state(0);
  candidates = $state<Candidate[]>();
  failure = $state.raw<Failure>();
  /** A person ended it. */
  isStopped = $state(false);
  #stop = new AbortController();

  readonly known = $derived.by(() => this.candidates?.filter(({ found }) => found.knownAs).length ?? 0);
  readonly chosen = $derived.by(() => this.candidates?.filter(({ isChosen }) => isChosen) ?? []);

  async search(client: PushrodClient, request: DiscoverRequest): Promise<void> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.isRunning = true;
    this.isStopped = false;
    this.soFar = 0;
    this.candidates = undefined;
    this.failure = undefined;
    const ended = new AbortController();
    void this.#follow(client, AbortSignal.any([ended.signal, signal]));
    try {
      const { found } = await client.devices.discover(request, { signal });
      this.candidates = found.map((one) => ({ found: one, name: nameOf(one), isChosen: one.knownAs === null }));
    } catch (thrown) {
      const failure = toFailure(thrown);
      // Here, or among the tasks of another window.
      if (signal.aborted || failure.code === 'CANCELLED') this.isStopped = true;
      else this.failure = failure;
    } finally {
      ended.abort();
      this.isRunning = false;
    }
  }

  /** The task ends with its call. */
  stop(): void {
    this.#stop.abort();
  }

  chooseAll(isChosen: boolean): void {
    for (const candidate of this.candidates ?? []) candidate.isChosen = isChosen && candidate.found.knownAs === null;
  }

  /** Adds what is chosen, all of it or nothing. */
  async add(client: PushrodClient, alike: { profile: string | null; location: string | null }): Promise<boolean> {
    this.failure = undefined;
    const devices = this.chosen.map(({ found, name }) => ({ name, address: found.address, ...alike }));
    try {
      const content = JSON.stringify(devices);
      sayImported(client, await client.devices.import({ source: { content }, format: 'json' }));
      return true;
    } catch (thrown) {
      this.failure = toFailure(thrown);
      return false;
    }
  }

  async #follow(client: PushrodClient, signal: AbortSignal): Promise<void> {
    try {
      for await (const { tasks } of await client.tasks.watch(undefined, { signal })) {
        const task = tasks.findLast(({ kind }) => kind === 'discover');
        this.soFar = task?.devices ?? this.soFar;
      }
    } catch {
      // It has ended, or the connection has: then the search says so.
    }
  }
}

/** As it calls itself, else by its host. */
function nameOf({ announced, address }: FoundDevice): string {
  return announced?.name ?? address.replace(/:22$/, '');
}
