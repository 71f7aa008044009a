import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import type { contract } from '../shared/contract/index.ts';
import type { Firmware } from '../shared/model/index.ts';
import type { NewAuditEntry } from './audit/index.ts';

type Inputs = InferContractRouterInputs<typeof contract>;
type Outputs = InferContractRouterOutputs<typeof contract>;
type Said = Omit<NewAuditEntry, 'actor' | 'at'>;

/** What an answered call leaves on record. The journal has each step of an update, and who wanted it. */
type OnRecord<Input, Output> = 'changes nothing' | 'journalled' | ((input: Input, output: Output) => Said | undefined);

/** Every call of the contract: a new one is not forgotten. */
type AuditedCalls = {
  [Part in keyof Inputs]: {
    [Call in keyof Inputs[Part]]: OnRecord<
      Inputs[Part][Call],
      Call extends keyof Outputs[Part] ? Outputs[Part][Call] : never
    >;
  };
};

const device = (subjectId: string | null, action: string, detail?: string): Said => {
  return { subject: 'device', subjectId, action, detail };
};
const slot = (subjectId: string, action: string, detail?: string): Said => {
  return { subject: 'slot', subjectId, action, detail };
};
const firmware = (subjectId: string, action: string, detail?: string): Said => {
  return { subject: 'firmware', subjectId, action, detail };
};
const schedule = (subjectId: string, action: string): Said => ({ subject: 'schedule', subjectId, action });
const profile = (subjectId: string, action: string): Said => ({ subject: 'profile', subjectId, action });

/** Also of bytes that come in otherwise than by a call. */
export const firmwareAdded = ({ sha256, fileName, version }: Firmware): Said =>
  firmware(sha256, 'added', version === '' ? fileName : `${fileName}, version ${version}`);

/** No secret is ever part of it. */
export const auditedCalls: AuditedCalls = {
  audit: { list: 'changes nothing', verify: 'changes nothing' },
  devices: {
    list: 'changes nothing',
    get: 'changes nothing',
    facets: 'changes nothing',
    // What was seen of devices is noted in the registry; that is no doing of anyone.
    check: 'changes nothing',
    discover: 'changes nothing',
    export: 'changes nothing',
    add: (_, added) => device(added.id, 'added', `${added.name} at ${added.address}`),
    update: ({ id, changes }) => device(id, 'changed', namesOf(changes)),
    edit: ({ selection, changes }, { changed }) =>
      device(null, 'changed', `${namesOf(changes)} of ${selected(changed, selection)}`),
    remove: ({ selection }, { removed }) => device(null, 'removed', selected(removed, selection)),
    restore: (_, { restored }) => device(null, 'restored', String(restored)),
    import: ({ dryRun }, { added, updated, skipped }) =>
      dryRun ? undefined : device(null, 'imported', `${added} added, ${updated} updated, ${skipped} skipped`),
  },
  firmware: {
    list: 'changes nothing',
    get: 'changes nothing',
    addPath: (_, added) => firmwareAdded(added),
    describe: ({ sha256, changes }) => firmware(sha256, 'changed', namesOf(changes)),
    sign: (_, { sha256, signature }) => firmware(sha256, 'signed', signature?.signer ?? undefined),
    remove: ({ sha256 }) => firmware(sha256, 'removed'),
  },
  signers: {
    list: 'changes nothing',
    add: (_, { name, keyId }) => ({ subject: 'signer', subjectId: name, action: 'trusted', detail: `key ${keyId}` }),
    remove: ({ name }) => ({ subject: 'signer', subjectId: name, action: 'removed' }),
  },
  updates: {
    push: 'journalled',
    list: 'changes nothing',
    get: 'changes nothing',
    forecast: 'changes nothing',
    cancel: 'journalled',
    pause: 'journalled',
    resume: 'journalled',
    approve: 'journalled',
    retry: 'journalled',
    skip: 'journalled',
    setLimits: 'journalled',
    activate: 'journalled',
    outputs: 'changes nothing',
    report: 'changes nothing',
    watch: 'changes nothing',
  },
  profiles: {
    list: 'changes nothing',
    get: 'changes nothing',
    set: ({ name }) => profile(name, 'set'),
    remove: ({ name }) => profile(name, 'removed'),
    setDefault: ({ name }) => profile(name, 'made the default'),
  },
  credentials: {
    list: 'changes nothing',
    add: (_, { name, username, kind, fingerprint }) => ({
      subject: 'credential',
      subjectId: name,
      action: 'added',
      detail: `${kind} of ${username}${fingerprint ? `, ${fingerprint}` : ''}`,
    }),
    remove: ({ name }) => ({ subject: 'credential', subjectId: name, action: 'removed' }),
  },
  hosts: {
    list: 'changes nothing',
    export: 'changes nothing',
    trust: (_, { host, fingerprint }) => ({
      subject: 'host',
      subjectId: host,
      action: 'trusted',
      detail: fingerprint,
    }),
    forget: (of, { forgotten }) => ({
      subject: 'host',
      action: 'forgotten',
      ...('id' in of
        ? { detail: `${forgotten} of the device ${of.id}` }
        : { subjectId: of.host, detail: of.fingerprint }),
    }),
    import: (_, { added, unchanged }) => ({
      subject: 'host',
      action: 'imported',
      detail: `${added} added, ${unchanged} known before`,
    }),
  },
  recovery: {
    get: 'changes nothing',
    set: ({ interrupted }) => ({ subject: 'recovery', action: 'set', detail: interrupted }),
  },
  presence: {
    get: 'changes nothing',
    set: ({ intervalMs }) => ({
      subject: 'presence',
      action: 'set',
      detail: intervalMs === null ? 'off' : `every ${intervalMs / 1_000} s`,
    }),
  },
  limits: {
    get: 'changes nothing',
    set: ({ rateLimitBytesPerSecond: rate, concurrency }) => ({
      subject: 'limits',
      action: 'set',
      detail: `${rate === null ? 'no limit' : `${rate} bytes a second`}${concurrency === null ? '' : `, ${concurrency} devices at once`}`,
    }),
  },
  schedules: {
    list: 'changes nothing',
    get: 'changes nothing',
    set: ({ name }) => schedule(name, 'set'),
    remove: ({ name }) => schedule(name, 'removed'),
    enable: ({ name, isEnabled }) => schedule(name, isEnabled ? 'enabled' : 'disabled'),
    runNow: ({ name }) => schedule(name, 'begun out of turn'),
    history: 'changes nothing',
    next: 'changes nothing',
    calendar: 'changes nothing',
    preview: 'changes nothing',
  },
  sites: {
    list: 'changes nothing',
    set: ({ location, zone }) => ({ subject: 'site', subjectId: location, action: 'set', detail: zone }),
    remove: ({ location }) => ({ subject: 'site', subjectId: location, action: 'removed' }),
    readHolidays: 'changes nothing',
  },
  slots: {
    list: 'changes nothing',
    watch: 'changes nothing',
    set: ({ name, slot: { address, profile: how } }) => slot(name, 'set', `${address} by the profile ${how}`),
    remove: ({ name }) => slot(name, 'removed'),
    start: ({ name }) => slot(name, 'started'),
    stop: ({ name }) => slot(name, 'stopped'),
  },
  registry: {
    status: 'changes nothing',
    use: ({ url }) => ({
      subject: 'registry',
      action: 'chosen',
      detail: url === null ? 'this laptop' : withoutLogin(url),
    }),
  },
  // A task that is cancelled leaves nothing behind.
  tasks: { watch: 'changes nothing', cancel: 'changes nothing' },
  bench: {
    simulate: (_, { added }) => device(null, 'simulated', `${added} added`),
  },
  events: { watch: 'changes nothing' },
};

/** What goes on record of a call that was answered; `path` is its place in the contract. */
export function auditEntryOf([part, call]: readonly string[], input: unknown, output: unknown): Said | undefined {
  const calls = auditedCalls as Record<string, Record<string, OnRecord<unknown, unknown>>>;
  const said = calls[part ?? '']?.[call ?? ''];
  return typeof said === 'function' ? said(input, output) : undefined;
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
