/** One measurement of `schedules.ts`, in a process of its own: `pushrod` or `croner`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Cron } from 'croner';
import { openDataFolder, systemClock } from '../src/main/data/index.ts';
import { createScheduleStore } from '../src/main/schedules/schedule-store.ts';
import { createSchedules } from '../src/main/schedules/schedules.ts';
import { createSites } from '../src/main/sites/index.ts';
import { type Schedule, schedule } from '../src/shared/model/index.ts';
import type { ScheduleFigures } from './schedules.ts';

const count = 10_000;
const idleMs = 30_000;
const onceCount = 200;
const betweenMs = 50;

const zones = Intl.supportedValuesOf('timeZone').filter((_, index, { length }) => index % Math.ceil(length / 40) === 0);
/** Nightly, none of them in the next hours of this measurement. */
const nightly = (index: number) => {
  const hour = (new Date().getUTCHours() + 12) % 24;
  return { cron: `${index % 60} ${hour} 1 1 *`, tz: zones[index % zones.length] ?? 'UTC' };
};

const measures: Record<string, () => Promise<ScheduleFigures>> = { pushrod: ofPushrod, croner: ofCroner };
console.log(JSON.stringify(await measures[process.argv[2] ?? '']?.()));
process.exit();

async function ofPushrod(): Promise<ScheduleFigures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pushrod-bench-'));
  const folder = openDataFolder(dataDir);
  const push = { firmware: 'a'.repeat(64), selection: { all: true } };
  const keep = (name: string, given: object) => {
    const read: Schedule = schedule.parse({ push, ...given });
    const createdAt = new Date().toISOString();
    const stored = { id: name, name, schedule: read, isEnabled: true, settledMs: Date.now(), createdAt };
    createScheduleStore(folder.database).put(stored);
  };
  folder.database.transaction(() => {
    for (let index = 0; index < count; index += 1) {
      keep(`s${index}`, { starts: { kind: 'cron', ...nightly(index) } });
    }
  })();
  const begun: number[] = [];
  const open = () =>
    createSchedules({
      ...{ database: folder.database, sites: createSites(folder.database, () => undefined), clock: systemClock },
      devices: { select: async () => [], claim: async () => undefined },
      firmware: { list: () => [] },
      updates: {
        find: () => undefined,
        forecast: async () => ({ devices: [], bytesTotal: 0, durationMs: null }),
        async push(request) {
          begun.push(Date.now() - Date.parse(request.name ?? ''));
          return 'u' as never;
        },
      },
      onChange: () => undefined,
    });
  const startMs = performance.now();
  const first = open();
  first.carryOn();
  const computeMs = performance.now() - startMs;
  const idleCpuMs = await idle();
  await first.close();

  const soonMs = Date.now() + 2_000;
  folder.database.transaction(() => {
    for (let index = 0; index < onceCount; index += 1) {
      const at = new Date(soonMs + index * betweenMs).toISOString();
      keep(`once${index}`, { starts: { kind: 'once', at }, push: { ...push, name: at } });
    }
  })();
  const second = open();
  second.carryOn();
  await pause(2_000 + onceCount * betweenMs + 1_000);
  await second.close();
  folder.close();
  rmSync(dataDir, { recursive: true });
  return { computeMs, idleCpuMs, idleMs, lateMs: begun };
}

async function ofCroner(): Promise<ScheduleFigures> {
  const startMs = performance.now();
  const jobs = Array.from({ length: count }, (_, index) => {
    const { cron, tz } = nightly(index);
    return new Cron(cron, { timezone: tz }, () => undefined);
  });
  const computeMs = performance.now() - startMs;
  const idleCpuMs = await idle();
  for (const job of jobs) job.stop();

  const lateMs: number[] = [];
  const soonMs = Date.now() + 2_000;
  for (let index = 0; index < onceCount; index += 1) {
    const atMs = soonMs + index * betweenMs;
    new Cron(new Date(atMs), () => void lateMs.push(Date.now() - atMs));
  }
  await pause(2_000 + onceCount * betweenMs + 1_000);
  return { computeMs, idleCpuMs, idleMs, lateMs };
}

async function idle(): Promise<number> {
  await pause(2_000);
  const before = process.cpuUsage();
  await pause(idleMs);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
