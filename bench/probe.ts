/** Loaded into `pushrod` by a benchmark: says at the end what the process used, and how late its main thread was. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** What a process used until its end. */
export interface Used {
  cpuMs: number;
  peakRssMib: number;
  /** 99th percentile of how much later than asked for the main thread came to a timer of 1 ms. */
  delayP99Ms: number;
}

const file = process.env.PUSHROD_PROBE;
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const used: Used = {
      cpuMs: (user + system) / 1_000,
      peakRssMib: process.resourceUsage().maxRSS / 1024,
      delayP99Ms: delay.percentile(99) / 1e6,
    };
    writeFileSync(file, JSON.stringify(used));
  });
}
