import type { HostKeyPolicy } from '../../shared/model/index.ts';

const storageKey = 'pushrod.hostKeys';

/** What becomes of a host key that nobody has seen before, the most careful first. A changed one is always refused. */
export const hostKeyPolicies = ['strict', 'ask', 'accept-new'] as const satisfies HostKeyPolicy[];

const stored = localStorage.getItem(storageKey);
let usual = $state<HostKeyPolicy>(hostKeyPolicies.find((one) => one === stored) ?? 'accept-new');

/** What a push that is put together on this page begins with; each can say otherwise. */
export const hostKeyPolicy = {
  get usual(): HostKeyPolicy {
    return usual;
  },
  set usual(policy: HostKeyPolicy) {
    usual = policy;
    localStorage.setItem(storageKey, policy);
  },
};
