import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDevice, pushRequest, type UpdateId } from '../src/shared/model/index.ts';
import { openScripted, succeed } from '../test/harness/scripted-updates.ts';
import { record } from './results.ts';

const devices = 100_000;
const concurrency = 1_000;
const queued = 100;
const mib = 1024 * 1024;

/** How many device-updates a second the journal carries, when the devices take no time at all. */
export async function run(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pushrod-bench-'));
  const bench = await openScripted(dataDir, { script: succeed });
  try {
    for (let start = 0; start < devices; start += 5_000) {
      const page = Array.from({ length: 5_000 }, (_, index) => `d${start + index}`);
      await bench.devices.register(page.map((id) => newDevice.parse({ id, name: id, address: `${id}.example` })));
    }
    const push = (given: object) =>
      bench.updates.push(pushRequest.parse({ firmware: bench.firmware.sha256, concurrency, ...given }), 'bench');

    const heaps: number[] = [];
    const watching = setInterval(() => heaps.push(process.memoryUsage.rss() / mib), 250);
    const startMs = performance.now();
    const id = await push({ selection: { all: true } });
    const begunMs = performance.now();
    await ended(id);
    const tookMs = performance.now() - begunMs;
    clearInterval(watching);
    const quarter = (nth: number) => Math.max(...heaps.slice((heaps.length * nth) / 4, (heaps.length * (nth + 1)) / 4));

    const queuedMs = performance.now();
    const ids = await Promise.all(
      Array.from({ length: queued }, (_, index) => push({ selection: { ids: [`d${index}`, 'd0'] } })),
    );
    for (const one of ids) await ended(one);
    const allMs = performance.now() - queuedMs;

    record('updates', [
      `An update of ${devices.toLocaleString('en')} devices whose delivery does nothing, ${concurrency} at a time, each of its ${transitions} transitions`,
      `of a device durable before the next: ${perSecond(devices, tookMs)} device-updates/s (20,000 is the goal), after ${Math.round(begunMs - startMs)} ms to plan and`,
      `write the update. Resident memory at most ${quarter(1).toFixed(0)} MiB in the second quarter of it and ${quarter(3).toFixed(0)} MiB in the last.`,
      '',
      `${queued} updates at once that all want one device and another: ${Math.round(allMs)} ms.`,
    ]);

    async function ended(update: UpdateId) {
      for await (const _ of bench.updates.watch(update, undefined));
      const { counts, total } = bench.updates.get(update).update;
      if (counts.succeeded !== total) throw new Error(`the update failed: ${JSON.stringify(counts)}`);
    }
  } finally {
    await bench.close();
    rmSync(dataDir, { recursive: true });
  }
}

const transitions = 5;

const perSecond = (count: number, ms: number) => Math.round((count / ms) * 1_000).toLocaleString('en');
