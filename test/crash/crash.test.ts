import { describe, expect, it } from 'vitest';
import { has } from '../harness/index.ts';
import type { CrashBench } from './crash-bench.ts';
import { crashRuns } from './crash-runs.ts';
import { startSimulatedBench } from './simulated-bench.ts';
import { startSshdBench } from './sshd-bench.ts';

/** Other moments each time; a failure names the seed, with which `npm run crash` has the same again. */
const seed = Date.now() % 1_000_000;

/** Dozens of processes, on a machine that may be busy. */
const longestMs = 400_000;

async function expectTruth(bench: CrashBench, runs: number): Promise<void> {
  try {
    const { violations, ...tally } = await crashRuns(bench, { runs, seed });
    expect(violations).toEqual([]);
    expect(tally.kills).toBeGreaterThan(0);
    expect(tally.succeeded + tally.unknown + tally.unconfirmed).toBe((runs - tally.foundBefore) * bench.devices.length);
  } finally {
    await bench.close();
  }
}

describe('a push that is killed at a random moment and gone on with leaves every device as the journal says', () => {
  it('of the simulator', async () => expectTruth(await startSimulatedBench(8), 10), longestMs);

  it.runIf(has('sshd'))('of a real sshd', async () => expectTruth(await startSshdBench(4), 3), longestMs);
});
