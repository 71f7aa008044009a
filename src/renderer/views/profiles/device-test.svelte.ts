import type { PushrodClient } from '../../../shared/contract/index.ts';
import { type ErrorCode, hintFor } from '../../../shared/errors.ts';
import type { CheckedDevice, Device, DeviceId, NamedProfile } from '../../../shared/model/index.ts';
import { type Failure, toFailure } from '../../lib/failure.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { t } from '../../messages/index.ts';

/** So many devices of the profile can be chosen from; a search finds the others. */
const shownDevices = 100;

/** One thing a check looks at, and what came of it. */
export interface TestStep {
  name: string;
  isGood: boolean;
  said: string;
  hint?: string;
}

/** A check of one device of a profile. */
export class DeviceTest {
  readonly devices = new LiveQuery<{ devices: Device[]; total: number }>();
  search = $state('');
  chosen = $state<DeviceId>();
  isRunning = $state(false);
  seen = $state.raw<CheckedDevice>();
  failure = $state.raw<Failure>();
  #stop = new AbortController();

  fetch(client: PushrodClient, { name, isDefault }: NamedProfile): void {
    const search = this.search.trim();
    const filter = { profile: isDefault ? [name, null] : [name], ...(search !== '' && { search }) };
    this.devices.fetch(() => client.devices.list({ filter, limit: shownDevices }));
  }

  async run(client: PushrodClient, id: DeviceId): Promise<void> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.isRunning = true;
    this.seen = undefined;
    this.failure = undefined;
    try {
      const { devices } = await client.devices.check({ selection: { ids: [id] } }, { signal });
      this.seen = devices[0];
    } catch (thrown) {
      if (!signal.aborted) this.failure = toFailure(thrown);
    }
    this.isRunning = false;
  }

  stop(): void {
    this.#stop.abort();
  }
}

/** What a check saw, step by step. A device whose profile does not say how it tells its version is not logged in to. */
export function stepsOf(seen: CheckedDevice, { profile }: NamedProfile): TestStep[] {
  const { status, address, errorCode, message, firmwareVersion } = seen;
  const words = t().profiles.test;
  const isOnline = status === 'online';
  const refused = (code: ErrorCode | undefined) => ({
    isGood: false,
    said: message ?? words.noAnswer,
    ...(code && { hint: t().errors.hint(code, hintFor(code)) }),
  });
  const reached: TestStep = {
    name: words.reached,
    ...(isOnline ? { isGood: true, said: words.takesConnections(address) } : refused(errorCode)),
  };
  const asks = profile.versionCommand ?? profile.http?.versionPath;
  if (!isOnline || asks === undefined) return [reached];
  const isTold = errorCode === undefined;
  const told = isTold && {
    isGood: true,
    said: firmwareVersion === undefined || firmwareVersion === null ? words.runsNothing : words.runs(firmwareVersion),
  };
  return [reached, { name: words.letIn, ...(told || refused(errorCode)) }];
}
