import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import type { contract } from '../shared/contract/index.ts';
import type { NewAuditEntry } from './audit/index.ts';

type Inputs = InferContractRouterInputs<typeof contract>;
type Outputs = InferContractRouterOutputs<typeof contract>;
type Said = Omit<NewAuditEntry, 'actor' | 'at'>;

/** What an answered call leaves on record, if anything. */
type AuditedCalls = {
  [Part in keyof Inputs]?: {
    [Call in keyof Inputs[Part]]?: (
      input: Inputs[Part][Call],
      output: Call extends keyof Outputs[Part] ? Outputs[Part][Call] : never,
    ) => Said | undefined;
  };
};

const device = (subjectId: string | null, action: string, detail?: string): Said => {
  return { subject: 'device', subjectId, action, detail };
};
const slot = (subjectId: string, action: string, detail?: string): Said => {
  return { subject: 'slot', subjectId, action, detail };
};
const profile = (subjectId: string, action: string): Said => ({ subject: 'profile', subjectId, action });

/** The calls that go on record, besides what the journal says of updates. No secret is ever part of it. */
const auditedCalls: AuditedCalls = {
  devices: {
    add: (_, added) => device(added.id, 'added', `${added.name} at ${added.address}`),
    update: ({ id, changes }) => device(id, 'changed', namesOf(changes)),
    edit: ({ selection, changes }, { changed }) =>
      device(null, 'changed', `${namesOf(changes)} of ${selected(changed, selection)}`),
    remove: ({ selection }, { removed }) => device(null, 'removed', selected(removed, selection)),
    restore: (_, { restored }) => device(null, 'restored', String(restored)),
    import: ({ dryRun }, { added, updated, skipped }) =>
      dryRun ? undefined : device(null, 'imported', `${added} added, ${updated} updated, ${skipped} skipped`),
  },
  profiles: {
    set: ({ name }) => profile(name, 'set'),
    remove: ({ name }) => profile(name, 'removed'),
    setDefault: ({ name }) => profile(name, 'made the default'),
  },
  credentials: {
    add: (_, { name, username, kind, fingerprint }) => ({
      subject: 'credential',
      subjectId: name,
      action: 'added',
      detail: `${kind} of ${username}${fingerprint ? `, ${fingerprint}` : ''}`,
    }),
    remove: ({ name }) => ({ subject: 'credential', subjectId: name, action: 'removed' }),
  },
  hosts: {
    trust: (_, { host, fingerprint }) => ({
      subject: 'host',
      subjectId: host,
      action: 'trusted',
      detail: fingerprint,
    }),
    forget: ({ id }, { forgotten }) => ({
      subject: 'host',
      action: 'forgotten',
      detail: `${forgotten} of the device ${id}`,
    }),
    import: (_, { added, unchanged }) => ({
      subject: 'host',
      action: 'imported',
      detail: `${added} added, ${unchanged} known before`,
    }),
  },
  limits: {
    set: ({ rateLimitBytesPerSecond: rate, concurrency }) => ({
      subject: 'limits',
      action: 'set',
      detail: `${rate === null ? 'no limit' : `${rate} bytes a second`}${concurrency === null ? '' : `, ${concurrency} devices at once`}`,
    }),
  },
  slots: {
    set: ({ name, slot: { address, profile: how } }) => slot(name, 'set', `${address} by the profile ${how}`),
    remove: ({ name }) => slot(name, 'removed'),
    start: ({ name }) => slot(name, 'started'),
    stop: ({ name }) => slot(name, 'stopped'),
  },
  registry: {
    use: ({ url }) => ({
      subject: 'registry',
      action: 'chosen',
      detail: url === null ? 'this laptop' : withoutLogin(url),
    }),
  },
};

/** What goes on record of a call that was answered; `path` is its place in the contract. */
export function auditEntryOf([part, call]: readonly string[], input: unknown, output: unknown): Said | undefined {
  const calls = auditedCalls as Record<string, Record<string, (...found: unknown[]) => Said | undefined>>;
  return calls[part ?? '']?.[call ?? '']?.(input, output);
}

const namesOf = (changes: object) => Object.keys(changes).join(', ');

/** Of a long list of devices, so many are named. */
const maxNamed = 100;

/** Which devices were meant. */
function selected(count: number, selection: Inputs['devices']['remove']['selection']): string {
  const devices = count === 1 ? '1 device' : `${count} devices`;
  if (!('ids' in selection)) return `${devices}: ${JSON.stringify(selection)}`;
  const more = selection.ids.length - maxNamed;
  return `${devices}: ${selection.ids.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function withoutLogin(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}
