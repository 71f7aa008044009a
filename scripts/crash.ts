/**
 * `npm run crash -- --runs 300 [--seed S] [--devices 40] [--against simulator|sshd]`: kills Pushrod at random moments of a
 * push, lets it go on, and compares what it says with what is on the devices. Exits with 1 at any difference.
 */
import { parseArgs } from 'node:util';
import { crashRuns } from '../test/crash/crash-runs.ts';
import { startSimulatedBench } from '../test/crash/simulated-bench.ts';
import { startSshdBench } from '../test/crash/sshd-bench.ts';

const benches = { simulator: startSimulatedBench, sshd: startSshdBench };

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    devices: { type: 'string', default: '40' },
    against: { type: 'string', default: 'simulator' },
  },
});
const { against } = values;
const [runs, seed, devices] = [values.runs, values.seed, values.devices].map(Number);
const isWhole = (number: number | undefined): number is number => Number.isSafeInteger(number) && Number(number) >= 0;

if (isWhole(runs) && isWhole(seed) && isWhole(devices) && (against === 'simulator' || against === 'sshd')) {
  const bench = await benches[against](devices);
  try {
    let done = 0;
    const { violations, ...counts } = await crashRuns(bench, { runs, seed }, (result, runSeed) => {
      const { found, pushMs, kills } = result;
      done += 1;
      console.error(`${done}/${runs}, seed ${runSeed}: ${found} the push, ${Math.round(pushMs)} ms, ${kills} kills`);
      for (const violation of result.violations) console.error(`  ${violation}`);
    });
    console.log(JSON.stringify({ against, devices, seed, ...counts, violations: violations.length }));
    for (const runSeed of new Set(violations.map((violation) => violation.seed))) {
      console.log(`Again: npm run crash -- --runs 1 --seed ${runSeed} --devices ${devices} --against ${against}`);
      process.exitCode = 1;
    }
  } finally {
    await bench.close();
  }
} else {
  console.error('npm run crash -- [--runs N] [--seed N] [--devices N] [--against simulator|sshd], with whole numbers');
  process.exitCode = 2;
}
