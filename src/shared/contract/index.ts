/**
 * Everything a door can ask of the core, written once: names, inputs, outputs and streams.
 * The renderer's client, the main side's validation, REST and OpenAPI all follow from it.
 */

import type { ContractRouterClient } from '@orpc/contract';
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import * as model from '../model/index.ts';

const errorData = z.object({
  code: z.enum(errorCodes),
  hint: z.string(),
  details: z.array(z.object({ line: z.int().optional(), field: z.string().optional(), message: z.string() })),
});

/** Every failure crosses the contract as this one error, whose data carries the closed code. */
const base = oc.errors({ PUSHROD: { status: 400, data: errorData } });
export type ContractErrorData = z.infer<typeof errorData>;

/**
 * What may have changed; sites go with the schedules, credentials with the profiles. `audit` tells of what people did; what
 * updates do is told by theirs.
 */
const topics = ['devices', 'firmware', 'updates', 'schedules', 'profiles', 'audit', 'registry'] as const;

/** A longer list does not fit into one message. */
const maxListCharacters = 16 * 1024 * 1024;

const nothing = z.object({});
const byId = z.strictObject({ id: model.deviceId });
const byName = z.strictObject({ name: model.profileName });
const bySha256 = z.strictObject({ sha256: model.sha256 });
const byUpdate = z.strictObject({ updateId: model.updateId });

/** A list by its text, or by its path on this laptop. */
const listSource = z.union([
  z.strictObject({
    content: z.string().max(maxListCharacters, 'the list is over 16 MiB; import it in the terminal'),
    fileName: z.string().optional(),
  }),
  z.strictObject({ path: z.string().min(1) }),
]);

export const contract = {
  audit: {
    /** What happened and who did it; the next page is what comes `after` the last entry. */
    list: base
      .route({ method: 'POST', path: '/audit/query' })
      .input(model.auditRequest)
      .output(z.object({ entries: z.array(model.auditEntry) })),
    /** Reads the whole record again and says whether anything in it was changed, taken out or moved. */
    verify: base.route({ method: 'POST', path: '/audit/verify' }).output(model.auditCheck),
  },
  devices: {
    list: base
      .route({ method: 'POST', path: '/devices/query' })
      .input(model.devicePageRequest)
      .output(model.devicePage),
    get: base.route({ method: 'GET', path: '/devices/{id}' }).input(byId).output(model.device),
    /** The updates that a device had a part in, the newest first, with what came of it there. */
    history: base
      .route({ method: 'GET', path: '/devices/{id}/history' })
      .input(z.strictObject({ id: model.deviceId, limit: z.coerce.number().int().min(1).max(1_000).default(50) }))
      .output(z.object({ entries: z.array(model.deviceHistoryEntry) })),
    add: base.route({ method: 'POST', path: '/devices' }).input(model.newDevice).output(model.device),
    update: base
      .route({ method: 'PATCH', path: '/devices/{id}' })
      .input(z.strictObject({ id: model.deviceId, changes: model.devicePatch }))
      .output(model.device),
    /** How many devices have each status, location, model and firmware version. */
    facets: base
      .route({ method: 'POST', path: '/devices/facets' })
      .input(z.strictObject({ filter: model.deviceFilter.default({}) }))
      .output(model.deviceFacets),
    /** Changes the fields given of all selected devices, or of none. */
    edit: base
      .route({ method: 'POST', path: '/devices/edit' })
      .input(z.strictObject({ selection: model.deviceSelection, changes: model.devicePatch }))
      .output(z.object({ changed: z.int() })),
    remove: base
      .route({ method: 'POST', path: '/devices/remove' })
      .input(z.strictObject({ selection: model.deviceSelection }))
      .output(model.removal),
    /**
     * Looks which devices can be reached and, where their profiles say how to ask, which version they run. Status, last
     * seen and version are noted in the registry.
     */
    check: base
      .route({ method: 'POST', path: '/devices/check' })
      .input(z.strictObject({ selection: model.deviceSelection }))
      .output(model.devicesChecked),
    /** Finds what listens in a subnet of this laptop, for adding. Its progress is among the `tasks`. */
    discover: base
      .route({ method: 'POST', path: '/devices/discover' })
      .input(model.discoverRequest)
      .output(z.object({ found: z.array(model.foundDevice) })),
    /** Undoes the last removal. */
    restore: base
      .route({ method: 'POST', path: '/devices/restore' })
      .input(z.strictObject({ removalId: model.removalId }))
      .output(z.object({ restored: z.int() })),
    /**
     * Imports a list: all of it, or nothing. `path` is a file of this laptop and refused to LAN clients. Its progress is
     * among the `tasks`.
     */
    import: base
      .route({ method: 'POST', path: '/devices/import' })
      .input(model.importOptions.extend({ source: listSource }))
      .output(model.importResult),
    /** The devices of a selection as a list, piece by piece. */
    export: base
      .route({ method: 'POST', path: '/devices/export' })
      .input(z.strictObject({ format: model.listFormat.extract(['csv', 'json']), selection: model.deviceSelection }))
      .output(eventIterator(z.string())),
  },
  firmware: {
    list: base.route({ method: 'GET', path: '/firmware' }).output(z.object({ firmware: z.array(model.firmware) })),
    get: base.route({ method: 'GET', path: '/firmware/{sha256}' }).input(bySha256).output(model.firmware),
    /** Takes a file by its path on this laptop. Refused to LAN clients: they upload the bytes to `POST /api/firmware`. */
    addPath: base
      .route({ method: 'POST', path: '/firmware/path' })
      .input(z.strictObject({ path: z.string().min(1), info: model.firmwareInfo.partial({ fileName: true }) }))
      .output(model.firmware),
    /** Changes what is said of a firmware; fields left out stay. */
    describe: base
      .route({ method: 'PATCH', path: '/firmware/{sha256}' })
      .input(z.strictObject({ sha256: model.sha256, changes: model.firmwarePatch }))
      .output(model.firmware),
    /** Keeps who signed a firmware, once the signature was checked against its bytes. */
    sign: base
      .route({ method: 'POST', path: '/firmware/{sha256}/signature' })
      .input(z.strictObject({ sha256: model.sha256, signature: model.minisignSignature }))
      .output(model.firmware),
    remove: base.route({ method: 'DELETE', path: '/firmware/{sha256}' }).input(bySha256).output(nothing),
  },
  /** Whose signatures of firmware are trusted. */
  signers: {
    list: base.route({ method: 'GET', path: '/signers' }).output(z.object({ signers: z.array(model.signer) })),
    add: base.route({ method: 'POST', path: '/signers' }).input(model.newSigner).output(model.signer),
    /** What they signed counts as unsigned from now on. */
    remove: base.route({ method: 'DELETE', path: '/signers/{name}' }).input(byName).output(nothing),
  },
  updates: {
    push: base
      .route({ method: 'POST', path: '/updates' })
      .input(model.pushRequest)
      .output(z.object({ updateId: model.updateId })),
    list: base.route({ method: 'GET', path: '/updates' }).output(z.object({ updates: z.array(model.update) })),
    get: base
      .route({ method: 'GET', path: '/updates/{updateId}' })
      .input(byUpdate)
      .output(z.object({ update: model.update, devices: z.array(model.deviceUpdate) })),
    /** What a push would do; nothing is contacted, unless `probe` asks whether the devices can be reached. */
    forecast: base
      .route({ method: 'POST', path: '/updates/forecast' })
      .input(z.strictObject({ push: model.pushRequest, probe: z.boolean().default(false) }))
      .output(model.pushForecast),
    cancel: base.route({ method: 'POST', path: '/updates/{updateId}/cancel' }).input(byUpdate).output(nothing),
    /** Nothing more begins; what is under way is brought to its end, or cut off to go on later. */
    pause: base
      .route({ method: 'POST', path: '/updates/{updateId}/pause' })
      .input(z.strictObject({ updateId: model.updateId, underWay: z.enum(['finish', 'cut']).default('finish') }))
      .output(nothing),
    /** Goes on with the unfinished devices of a paused or interrupted update. */
    resume: base.route({ method: 'POST', path: '/updates/{updateId}/resume' }).input(byUpdate).output(nothing),
    /** Lets the next phase begin, whatever came of the last. */
    approve: base.route({ method: 'POST', path: '/updates/{updateId}/approve' }).input(byUpdate).output(nothing),
    /** Tries the devices again that failed, or all that did not succeed; of these only the ones named, where some are. */
    retry: base
      .route({ method: 'POST', path: '/updates/{updateId}/retry' })
      .input(
        z.strictObject({
          updateId: model.updateId,
          which: z.enum(['failed', 'all']).default('failed'),
          deviceIds: z.array(model.deviceId).min(1).max(10_000).optional(),
        }),
      )
      .output(nothing),
    /** Leaves devices out that have not ended. */
    skip: base
      .route({ method: 'POST', path: '/updates/{updateId}/skip' })
      .input(z.strictObject({ updateId: model.updateId, deviceIds: z.array(model.deviceId).min(1).max(10_000) }))
      .output(nothing),
    /** How many devices at once, and how fast, from now on. */
    setLimits: base
      .route({ method: 'PUT', path: '/updates/{updateId}/limits' })
      .input(z.strictObject({ updateId: model.updateId, limits: model.updateLimits }))
      .output(nothing),
    /** Activates what is staged. */
    activate: base.route({ method: 'POST', path: '/updates/{updateId}/activate' }).input(byUpdate).output(nothing),
    /** What the commands of the profiles said on the devices. */
    outputs: base
      .route({ method: 'GET', path: '/updates/{updateId}/outputs' })
      .input(byUpdate)
      .output(z.object({ outputs: z.array(model.commandOutput) })),
    /** Proof of the update: what was brought to which device, when, by whom, and what came of it. */
    report: base
      .route({ method: 'GET', path: '/updates/{updateId}/report' })
      .input(z.strictObject({ updateId: model.updateId, format: model.reportFormat }))
      .output(model.report),
    /** Snapshot, then changes; ends when the update has ended. */
    watch: base
      .route({ method: 'GET', path: '/updates/{updateId}/watch' })
      .input(byUpdate)
      .output(eventIterator(model.updateFrame)),
  },
  /** What becomes of updates that are found interrupted. */
  recovery: {
    get: base.route({ method: 'GET', path: '/recovery' }).output(model.recovery),
    set: base.route({ method: 'PUT', path: '/recovery' }).input(model.recovery).output(nothing),
  },
  /** Of all pushes of this laptop together; they hold for those that run as well. */
  limits: {
    get: base.route({ method: 'GET', path: '/limits' }).output(model.limits),
    set: base.route({ method: 'PUT', path: '/limits' }).input(model.limits).output(nothing),
  },
  /** Whether Pushrod, while it is open, looks again and again which devices can be reached. */
  presence: {
    get: base.route({ method: 'GET', path: '/presence' }).output(model.presenceSettings),
    set: base.route({ method: 'PUT', path: '/presence' }).input(model.presenceSettings).output(nothing),
  },
  profiles: {
    list: base.route({ method: 'GET', path: '/profiles' }).output(z.object({ profiles: z.array(model.namedProfile) })),
    get: base.route({ method: 'GET', path: '/profiles/{name}' }).input(byName).output(model.namedProfile),
    set: base
      .route({ method: 'PUT', path: '/profiles/{name}' })
      .input(z.strictObject({ name: model.profileName, profile: model.profile }))
      .output(model.namedProfile),
    remove: base.route({ method: 'DELETE', path: '/profiles/{name}' }).input(byName).output(nothing),
    setDefault: base.route({ method: 'POST', path: '/profiles/{name}/default' }).input(byName).output(nothing),
  },
  credentials: {
    list: base
      .route({ method: 'GET', path: '/credentials' })
      .output(z.object({ credentials: z.array(model.credential) })),
    add: base.route({ method: 'POST', path: '/credentials' }).input(model.newCredential).output(model.credential),
    remove: base.route({ method: 'DELETE', path: '/credentials/{name}' }).input(byName).output(nothing),
  },
  hosts: {
    list: base.route({ method: 'GET', path: '/hosts' }).output(z.object({ hosts: z.array(model.hostKey) })),
    /** The keys that are known for a device, by its address or its alias. */
    ofDevice: base
      .route({ method: 'GET', path: '/devices/{id}/host-keys' })
      .input(byId)
      .output(z.object({ hosts: z.array(model.hostKey) })),
    /** Asks the device for its key, and trusts nothing. */
    scan: base.route({ method: 'POST', path: '/hosts/scan' }).input(byId).output(model.hostKey),
    /** Asks the device for its key; trusts it if the fingerprint agrees, or was left out (trust on sight). */
    trust: base
      .route({ method: 'POST', path: '/hosts/trust' })
      .input(z.strictObject({ id: model.deviceId, fingerprint: z.string().startsWith('SHA256:').optional() }))
      .output(model.hostKey),
    /** Of a device; or of a line as it is listed, where its host is no device any more. */
    forget: base
      .route({ method: 'POST', path: '/hosts/forget' })
      .input(z.union([byId, model.hostKey.pick({ host: true, fingerprint: true }).strict()]))
      .output(z.object({ forgotten: z.int() })),
    /** Adds the lines of a known_hosts that are not here yet: all of them, or nothing. */
    import: base
      .route({ method: 'POST', path: '/hosts/import' })
      .input(z.strictObject({ content: z.string().max(maxListCharacters, 'the file is over 16 MiB') }))
      .output(model.hostsImported),
    /** All host keys as a known_hosts that OpenSSH reads. */
    export: base.route({ method: 'GET', path: '/hosts/export' }).output(z.object({ content: z.string() })),
  },
  registry: {
    status: base.route({ method: 'GET', path: '/registry' }).output(model.registryStatus),
    /**
     * Keeps the devices in a shared database from the next start on (`postgres://…`), or in the data folder again (`null`).
     * The database is tried first.
     */
    use: base
      .route({ method: 'PUT', path: '/registry' })
      .input(z.strictObject({ url: model.registryUrl.nullable() }))
      .output(nothing),
  },
  /** Pushes that begin by themselves. */
  schedules: {
    list: base
      .route({ method: 'GET', path: '/schedules' })
      .output(z.object({ schedules: z.array(model.namedSchedule) })),
    get: base.route({ method: 'GET', path: '/schedules/{name}' }).input(byName).output(model.namedSchedule),
    /** Everything that can be known of its runs beforehand is checked. A new one is enabled. */
    set: base
      .route({ method: 'PUT', path: '/schedules/{name}' })
      .input(z.strictObject({ name: model.profileName, schedule: model.schedule }))
      .output(model.namedSchedule),
    /** What it has begun goes on. */
    remove: base.route({ method: 'DELETE', path: '/schedules/{name}' }).input(byName).output(nothing),
    enable: base
      .route({ method: 'POST', path: '/schedules/{name}/enable' })
      .input(z.strictObject({ name: model.profileName, isEnabled: z.boolean() }))
      .output(model.namedSchedule),
    /** Begins a run out of turn; in windows, where it has some. */
    runNow: base.route({ method: 'POST', path: '/schedules/{name}/run' }).input(byName).output(model.scheduleRun),
    /** What came of its runs, the newest first. */
    history: base
      .route({ method: 'GET', path: '/schedules/{name}/history' })
      .input(z.strictObject({ name: model.profileName, limit: z.coerce.number().int().min(1).max(1_000).default(100) }))
      .output(z.object({ runs: z.array(model.scheduleRun) })),
    /** When a schedule runs next. */
    next: base
      .route({ method: 'GET', path: '/schedules/{name}/next' })
      .input(
        z.strictObject({
          name: model.profileName,
          from: model.timestamp.optional(),
          count: z.coerce.number().int().min(1).max(1_000).default(5),
        }),
      )
      .output(z.object({ runs: z.array(model.timestamp) })),
    /** When the enabled schedules are at work in the days to come, each by the clock of its window. */
    calendar: base
      .route({ method: 'GET', path: '/schedule-calendar' })
      .input(
        z.strictObject({
          from: model.timestamp.optional(),
          days: z.coerce.number().int().min(1).max(31).default(14),
        }),
      )
      .output(model.scheduleCalendar),
    /** What a schedule that need not exist means, and when it runs. */
    preview: base
      .route({ method: 'POST', path: '/schedules/preview' })
      .input(
        z.strictObject({
          schedule: model.scheduleTimes,
          /** Of whoever reads it; this laptop's when left out. */
          localZone: model.zone.optional(),
          from: model.timestamp.optional(),
          count: z.int().min(1).max(1_000).default(5),
        }),
      )
      .output(model.schedulePreview),
  },
  /** Where devices stand: the time zones and holidays of their locations. */
  sites: {
    list: base.route({ method: 'GET', path: '/sites' }).output(z.object({ sites: z.array(model.site) })),
    set: base.route({ method: 'PUT', path: '/sites' }).input(model.site).output(model.site),
    remove: base
      .route({ method: 'POST', path: '/sites/remove' })
      .input(z.strictObject({ location: model.locationName }))
      .output(nothing),
    /** The days that an iCalendar file names, to be made a site's or a schedule's. */
    readHolidays: base
      .route({ method: 'POST', path: '/sites/holidays' })
      .input(z.strictObject({ ics: z.string().max(maxListCharacters, 'the file is over 16 MiB') }))
      .output(z.object({ blackouts: z.array(model.blackout) })),
  },
  /** Places on the bench where boards come and go at one address, each identified and flashed. */
  slots: {
    list: base.route({ method: 'GET', path: '/slots' }).output(z.object({ slots: z.array(model.namedSlot) })),
    /** Not while it is started. */
    set: base
      .route({ method: 'PUT', path: '/slots/{name}' })
      .input(z.strictObject({ name: model.profileName, slot: model.slot }))
      .output(model.namedSlot),
    remove: base.route({ method: 'DELETE', path: '/slots/{name}' }).input(byName).output(nothing),
    /** From now on each board that appears is identified and flashed, until the slot is stopped or Pushrod is closed. */
    start: base.route({ method: 'POST', path: '/slots/{name}/start' }).input(byName).output(nothing),
    /** Answers when the board that was being flashed, if any, has come to its end. */
    stop: base.route({ method: 'POST', path: '/slots/{name}/stop' }).input(byName).output(nothing),
    /** What happens at all slots, whenever something changed, at most 10 times a second. */
    watch: base
      .route({ method: 'GET', path: '/slots/watch' })
      .output(eventIterator(z.object({ slots: z.array(model.slotStatus) }))),
  },
  tasks: {
    /** Long work under way, such as an import: all of it, whenever something changed, at most 10 times a second. */
    watch: base
      .route({ method: 'GET', path: '/tasks' })
      .output(eventIterator(z.object({ tasks: z.array(model.task) }))),
    /** Ends a task; what it has done so far is undone, or, by a check, kept. */
    cancel: base
      .route({ method: 'POST', path: '/tasks/{taskId}/cancel' })
      .input(z.strictObject({ taskId: model.taskId }))
      .output(nothing),
  },
  bench: {
    /** Starts (or finds running) a bench of simulated devices and registers them with credential and profile `simulated`. */
    simulate: base
      .route({ method: 'POST', path: '/bench/simulate' })
      .input(z.strictObject({ devices: z.int().min(1).max(200).default(8) }))
      .output(z.object({ added: z.int() })),
    /** Puts a small firmware into the library that the simulated devices take, to try a push with; or finds it there. */
    addFirmware: base.route({ method: 'POST', path: '/bench/firmware' }).output(model.firmware),
  },
  events: {
    /** Says which list changed, so that a view can fetch it again; at most 10 frames a second. */
    watch: base
      .route({ method: 'GET', path: '/events' })
      .output(eventIterator(z.object({ changed: z.array(z.enum(topics)) }))),
  },
};

/** What the renderer and the terminal hold, whatever carries it: a MessagePort, a WebSocket, or plain calls. */
export type PushrodClient = ContractRouterClient<typeof contract>;
export type Topic = (typeof topics)[number];
