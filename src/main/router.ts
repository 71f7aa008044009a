import type { Router } from '@orpc/server';
import { implement } from '@orpc/server';
import { contract, type Topic } from '../shared/contract/index.ts';
import { PushrodError } from '../shared/errors.ts';
import type { DeviceId, HostKey, Profile, UpdateId } from '../shared/model/index.ts';
import type { Audit } from './audit/index.ts';
import { auditEntryOf } from './audited-calls.ts';
import type { Bench } from './bench/index.ts';
import { holidaysFromIcs } from './calendar/index.ts';
import type { CredentialStore } from './credentials/index.ts';
import { type Endpoint, scanCertificate, scanHostKey } from './delivery/index.ts';
import type { Discovery } from './discovery/index.ts';
import { actorAt, type Door } from './door.ts';
import type { Feed } from './feed/index.ts';
import type { FirmwareStore, Signers } from './firmware/index.ts';
import { fingerprintOf, type KnownHosts, keyTypeOf } from './hosts/index.ts';
import type { Presence } from './presence/index.ts';
import type { ProfileStore } from './profiles/index.ts';
import type { Devices, RegistryChoice } from './registry/index.ts';
import type { Reports } from './reports/index.ts';
import { toContractError } from './router-errors.ts';
import type { Schedules } from './schedules/index.ts';
import type { Sites } from './sites/index.ts';
import type { Slots } from './slots/index.ts';
import type { Tasks } from './tasks/index.ts';
import { type Controls, type DeviceEndpoint, endpointOf, jumpHostsOf, type Updates } from './updates/index.ts';

export type AppRouter = Router<typeof contract, { door: Door }>;

/** The opened parts that answer the contract's calls. */
export interface RouterParts {
  audit: Audit;
  devices: Devices;
  registryChoice: RegistryChoice;
  firmware: FirmwareStore;
  signers: Signers;
  profiles: ProfileStore;
  credentials: CredentialStore;
  hosts: KnownHosts;
  certificates: KnownHosts;
  updates: Updates;
  reports: Reports;
  presence: Presence;
  discovery: Discovery;
  slots: Slots;
  schedules: Schedules;
  sites: Sites;
  bench: Bench;
  tasks: Tasks;
  topics: Feed<Topic>;
}

/** Answers the contract with the parts. Inputs and outputs are validated against its schemas before and after. */
export function createRouter(parts: RouterParts): AppRouter {
  const { audit, devices, firmware, profiles, credentials, hosts, certificates, updates, presence } = parts;
  const { reports, discovery, signers, slots, schedules, sites, bench, tasks, topics } = parts;
  const os = implement(contract)
    .$context<{ door: Door }>()
    .use(async ({ next }) => {
      try {
        return await next();
      } catch (thrown) {
        throw toContractError(thrown);
      }
    })
    .use(async ({ context, path, next }, input: unknown) => {
      const answered = await next();
      const entry = auditEntryOf(path, input, answered.output);
      if (entry) {
        audit.record((append) => append({ ...entry, actor: actorAt(context.door) }));
        topics.mark('audit');
      }
      return answered;
    });

  const knownFor = ({ transport }: Profile) => (transport === 'http' ? certificates : hosts);
  const endpointFor = async (id: DeviceId) => endpointOf(await devices.get(id), profiles);
  const showHostKey = ({ host, port, profile }: DeviceEndpoint, expected: string | undefined) => {
    const { timeouts, legacyAlgorithms } = profile;
    const via = jumpHostsOf({ credentials, profiles, hosts }, profile);
    const decideHop = (at: Endpoint, key: Buffer) => {
      const decision = hosts.decide(at.host, at.port, key, expected === undefined ? 'accept-new' : 'ask');
      return !decision.trusted && fingerprintOf(key) === expected ? 'wanted' : decision;
    };
    return scanHostKey({ host, port, via, timeouts, legacyAlgorithms }, decideHop);
  };
  const showCertificate = async ({ host, port, profile }: DeviceEndpoint) => {
    if (!profile.http?.tls) {
      throw new PushrodError('CONFLICT', 'The device is reached over plain HTTP, where nothing shows who it is.');
    }
    return { host, port, key: await scanCertificate(host, port, profile.timeouts.connectMs) };
  };
  const show = (endpoint: DeviceEndpoint, expected: string | undefined) =>
    endpoint.profile.transport === 'http' ? showCertificate(endpoint) : showHostKey(endpoint, expected);
  /** No key has this fingerprint: a hop on the way there that is not trusted yet is shown, and goes no further. */
  const noFingerprint = '';
  const scan = async (id: DeviceId): Promise<HostKey> => {
    const { host, port, knownAs, profile } = await endpointFor(id);
    const { key, ...at } = await show({ host, port, profile }, noFingerprint);
    const isDevice = at.host === host && at.port === port;
    const { host: name, port: namePort } = (isDevice && knownAs) || at;
    const known = knownFor(profile);
    return {
      host: known.nameOf(name, namePort),
      keyType: keyTypeOf(key),
      fingerprint: fingerprintOf(key),
      marker: null,
    };
  };
  const trust = async (id: DeviceId, expected: string | undefined): Promise<HostKey> => {
    const { host, port, knownAs, profile } = await endpointFor(id);
    const shown = await show({ host, port, profile }, expected);
    const known = knownFor(profile);
    const fingerprint = fingerprintOf(shown.key);
    if (expected !== undefined && expected !== fingerprint) {
      throw new PushrodError(
        'INVALID_INPUT',
        `The device shows ${fingerprint}, not ${expected}; nothing was trusted.`,
        [{ field: 'fingerprint', message: "read it again from the device's label or console" }],
      );
    }
    const isDevice = shown.host === host && shown.port === port;
    const at = (isDevice && knownAs) || shown;
    const decision = known.decide(at.host, at.port, shown.key, 'ask');
    if (!decision.trusted && decision.error.code === 'HOST_KEY_UNKNOWN')
      return known.trust(at.host, at.port, shown.key);
    if (!decision.trusted) throw decision.error;
    return { host: known.nameOf(at.host, at.port), keyType: keyTypeOf(shown.key), fingerprint, marker: null };
  };

  /** A list may name profiles that are yet to come; who changes a device by hand has mistyped. */
  const requireProfile = ({ profile }: { profile?: string | null | undefined }) => {
    if (profile) profiles.get(profile);
  };

  type Wish = (controls: Controls) => Promise<void>;
  const control = async ({ updateId }: { updateId: UpdateId }, { door }: { door: Door }, wish: Wish) => {
    await updates.control(updateId, actorAt(door), wish);
    return {};
  };
  /** What contacts devices wakes those of the simulated bench first. */
  const goOn = async (...asked: Parameters<typeof control>) => {
    await bench.wake();
    return control(...asked);
  };

  const requireUnused = async (name: string) => {
    if (profiles.get(name).isPreset) return;
    const { total } = await devices.facets({ profile: [name] });
    if (total === 0) return;
    throw new PushrodError('CONFLICT', `${total} devices use the profile "${name}"; give them another one first.`);
  };

  return os.router({
    audit: {
      list: os.audit.list.handler(({ input }) => ({ entries: audit.list(input) })),
      verify: os.audit.verify.handler(() => audit.verify()),
    },
    devices: {
      list: os.devices.list.handler(({ input }) => devices.list(input)),
      facets: os.devices.facets.handler(({ input }) => devices.facets(input.filter)),
      get: os.devices.get.handler(({ input }) => devices.get(input.id)),
      history: os.devices.history.handler(({ input }) => ({ entries: updates.history(input.id, input.limit) })),
      add: os.devices.add.handler(({ input }) => {
        requireProfile(input);
        return devices.add(input);
      }),
      update: os.devices.update.handler(({ input }) => {
        requireProfile(input.changes);
        return devices.update(input.id, input.changes);
      }),
      edit: os.devices.edit.handler(async ({ input, signal }) => {
        requireProfile(input.changes);
        return {
          changed: await tasks.run('edit', signal, (work) => devices.change(input.selection, input.changes, work)),
        };
      }),
      remove: os.devices.remove.handler(({ input, signal }) =>
        tasks.run('remove', signal, (work) => devices.remove(input.selection, work)),
      ),
      check: os.devices.check.handler(async ({ input, signal }) => {
        await bench.wake();
        return tasks.run('check', signal, (work) => presence.check(input.selection, work));
      }),
      discover: os.devices.discover.handler(async ({ input, signal }) => ({
        found: await tasks.run('discover', signal, (work) => discovery.discover(input, work)),
      })),
      restore: os.devices.restore.handler(async ({ input }) => ({ restored: await devices.restore(input.removalId) })),
      import: os.devices.import.handler(({ input, context, signal }) => {
        const { source, ...options } = input;
        if ('path' in source) refuseLan(context.door, 'give the list itself instead');
        return tasks.run('import', signal, (work) => devices.import(source, options, work));
      }),
      export: os.devices.export.handler(async function* ({ input, signal }) {
        yield* tasks.stream('export', signal, (work) => devices.export(input.format, input.selection, work));
      }),
    },
    firmware: {
      list: os.firmware.list.handler(() => ({ firmware: firmware.list() })),
      get: os.firmware.get.handler(({ input }) => firmware.get(input.sha256)),
      addPath: os.firmware.addPath.handler(({ input, context, signal }) => {
        refuseLan(context.door, 'upload the file instead');
        return firmware.addPath(input.path, input.info, signal);
      }),
      describe: os.firmware.describe.handler(({ input }) => firmware.describe(input.sha256, input.changes)),
      sign: os.firmware.sign.handler(({ input }) => firmware.sign(input.sha256, input.signature)),
      remove: os.firmware.remove.handler(async ({ input }) => {
        const schedule = schedules.needs(input.sha256);
        if (schedule !== undefined) {
          const message = `The schedule "${schedule}" pushes this firmware; change or remove it first.`;
          throw new PushrodError('CONFLICT', message);
        }
        await firmware.remove(input.sha256);
        return {};
      }),
    },
    limits: {
      get: os.limits.get.handler(() => updates.limits.get()),
      set: os.limits.set.handler(({ input }) => {
        updates.limits.set(input);
        return {};
      }),
    },
    recovery: {
      get: os.recovery.get.handler(() => updates.recovery.get()),
      set: os.recovery.set.handler(({ input }) => {
        updates.recovery.set(input);
        return {};
      }),
    },
    presence: {
      get: os.presence.get.handler(() => presence.rounds.get()),
      set: os.presence.set.handler(({ input }) => {
        presence.rounds.set(input);
        return {};
      }),
    },
    signers: {
      list: os.signers.list.handler(() => ({ signers: signers.list() })),
      add: os.signers.add.handler(({ input }) => signers.add(input)),
      remove: os.signers.remove.handler(({ input }) => {
        signers.remove(input.name);
        return {};
      }),
    },
    updates: {
      push: os.updates.push.handler(async ({ input, context }) => {
        await bench.wake();
        return { updateId: await updates.push(input, actorAt(context.door)) };
      }),
      forecast: os.updates.forecast.handler(({ input, signal }) => updates.forecast(input.push, input.probe, signal)),
      list: os.updates.list.handler(() => ({ updates: updates.list() })),
      get: os.updates.get.handler(({ input }) => updates.get(input.updateId)),
      cancel: os.updates.cancel.handler(async ({ input, context }) => {
        await updates.cancel(input.updateId, actorAt(context.door));
        return {};
      }),
      pause: os.updates.pause.handler(({ input, context }) =>
        control(input, context, (it) => it.pause(input.underWay)),
      ),
      resume: os.updates.resume.handler(({ input, context }) => goOn(input, context, (it) => it.resume())),
      approve: os.updates.approve.handler(({ input, context }) => goOn(input, context, (it) => it.approve())),
      retry: os.updates.retry.handler(({ input, context }) =>
        goOn(input, context, (it) => it.retry(input.which, input.deviceIds)),
      ),
      skip: os.updates.skip.handler(({ input, context }) => control(input, context, (it) => it.skip(input.deviceIds))),
      setLimits: os.updates.setLimits.handler(({ input, context }) =>
        control(input, context, (it) => it.setLimits(input.limits)),
      ),
      activate: os.updates.activate.handler(({ input, context }) => goOn(input, context, (it) => it.activate())),
      outputs: os.updates.outputs.handler(({ input }) => ({ outputs: updates.outputs(input.updateId) })),
      report: os.updates.report.handler(({ input }) => reports.make(input.updateId, input.format)),
      watch: os.updates.watch.handler(({ input, signal }) => failingAsCalls(updates.watch(input.updateId, signal))),
    },
    profiles: {
      list: os.profiles.list.handler(() => ({ profiles: profiles.list() })),
      get: os.profiles.get.handler(({ input }) => profiles.get(input.name)),
      set: os.profiles.set.handler(({ input }) => profiles.set(input.name, input.profile)),
      remove: os.profiles.remove.handler(async ({ input }) => {
        await requireUnused(input.name);
        profiles.remove(input.name);
        return {};
      }),
      setDefault: os.profiles.setDefault.handler(({ input }) => {
        profiles.setDefault(input.name);
        return {};
      }),
    },
    credentials: {
      list: os.credentials.list.handler(() => ({ credentials: credentials.list() })),
      add: os.credentials.add.handler(({ input }) => credentials.add(input)),
      remove: os.credentials.remove.handler(({ input }) => {
        credentials.remove(input.name);
        return {};
      }),
    },
    hosts: {
      list: os.hosts.list.handler(() => ({ hosts: [...hosts.list(), ...certificates.list()] })),
      ofDevice: os.hosts.ofDevice.handler(async ({ input }) => {
        const { host, port, knownAs, profile } = await endpointFor(input.id);
        const at = knownAs ?? { host, port };
        return { hosts: knownFor(profile).ofHost(at.host, at.port) };
      }),
      scan: os.hosts.scan.handler(async ({ input }) => {
        await bench.wake();
        return scan(input.id);
      }),
      trust: os.hosts.trust.handler(({ input }) => trust(input.id, input.fingerprint)),
      forget: os.hosts.forget.handler(async ({ input }) => {
        if ('fingerprint' in input) return { forgotten: hosts.drop(input) + certificates.drop(input) };
        const { host, port, knownAs, profile } = await endpointFor(input.id);
        const at = knownAs ?? { host, port };
        return { forgotten: knownFor(profile).forget(at.host, at.port) };
      }),
      import: os.hosts.import.handler(({ input }) => hosts.import(input.content)),
      export: os.hosts.export.handler(() => ({ content: hosts.export() })),
    },
    registry: {
      status: os.registry.status.handler(() => devices.status()),
      use: os.registry.use.handler(async ({ input, context }) => {
        refuseLan(context.door, 'do it in the Pushrod window or in the terminal');
        await parts.registryChoice.use(input.url);
        return {};
      }),
    },
    schedules: {
      list: os.schedules.list.handler(() => ({ schedules: schedules.list() })),
      get: os.schedules.get.handler(({ input }) => schedules.get(input.name)),
      set: os.schedules.set.handler(({ input }) => schedules.set(input.name, input.schedule)),
      remove: os.schedules.remove.handler(({ input }) => {
        schedules.remove(input.name);
        return {};
      }),
      enable: os.schedules.enable.handler(({ input }) => schedules.enable(input.name, input.isEnabled)),
      runNow: os.schedules.runNow.handler(({ input }) => schedules.runNow(input.name)),
      history: os.schedules.history.handler(({ input }) => ({ runs: schedules.history(input.name, input.limit) })),
      next: os.schedules.next.handler(({ input }) => schedules.next(input.name, input.from, input.count)),
      calendar: os.schedules.calendar.handler(({ input }) => schedules.calendar(input.from, input.days)),
      preview: os.schedules.preview.handler(({ input }) => schedules.preview(input)),
    },
    sites: {
      list: os.sites.list.handler(() => ({ sites: sites.list() })),
      set: os.sites.set.handler(({ input }) => {
        sites.set(input);
        return input;
      }),
      remove: os.sites.remove.handler(({ input }) => {
        sites.remove(input.location);
        return {};
      }),
      readHolidays: os.sites.readHolidays.handler(({ input }) => ({ blackouts: holidaysFromIcs(input.ics) })),
    },
    slots: {
      list: os.slots.list.handler(() => ({ slots: slots.list() })),
      set: os.slots.set.handler(({ input }) => slots.set(input.name, input.slot)),
      remove: os.slots.remove.handler(({ input }) => {
        slots.remove(input.name);
        return {};
      }),
      start: os.slots.start.handler(({ input, context }) => {
        slots.start(input.name, actorAt(context.door));
        return {};
      }),
      stop: os.slots.stop.handler(async ({ input }) => {
        await slots.stop(input.name);
        return {};
      }),
      watch: os.slots.watch.handler(async function* ({ signal }) {
        for await (const found of slots.frames(signal)) yield { slots: found };
      }),
    },
    tasks: {
      watch: os.tasks.watch.handler(async function* ({ signal }) {
        for await (const found of tasks.frames(signal)) yield { tasks: found };
      }),
      cancel: os.tasks.cancel.handler(({ input }) => {
        tasks.cancel(input.taskId);
        return {};
      }),
    },
    bench: {
      simulate: os.bench.simulate.handler(async ({ input }) => ({ added: await bench.simulate(input.devices) })),
      addFirmware: os.bench.addFirmware.handler(() => bench.addSampleFirmware()),
    },
    events: {
      watch: os.events.watch.handler(async function* ({ signal }) {
        for await (const changed of topics.frames(signal)) yield { changed: [...changed] };
      }),
    },
  });
}

/** What ends a stream crosses the contract like what ends a call. */
async function* failingAsCalls<T>(frames: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  try {
    yield* frames;
  } catch (thrown) {
    throw toContractError(thrown);
  }
}

/** Some calls are for who sits at the laptop. */
function refuseLan(door: Door, instead: string): void {
  if (door !== 'lan') return;
  throw new PushrodError(
    'FORBIDDEN',
    `A browser cannot do this with the files and settings of this laptop; ${instead}.`,
  );
}
