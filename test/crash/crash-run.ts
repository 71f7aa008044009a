import { cliJson } from '../harness/cli.ts';
import type { CrashBench, CrashDevice } from './crash-bench.ts';
import { killedCli } from './killed-cli.ts';
import type { Prepared } from './prepare.ts';
import { type Traces, tracesOn } from './traces.ts';
import { endOf, type Recorded, violationsAnyTime, violationsAtEnd, violationsUntouched } from './violations.ts';

/** How one run went. */
export interface CrashResult {
  /** How the push was found by the next `pushrod`: not on record, under way, or ended. */
  found: 'before' | 'during' | 'after';
  /** How many processes were killed: one that ended sooner was not. */
  kills: number;
  /** How often the update was gone on with. */
  resumes: number;
  /** Devices, by how they ended ({@link endOf}). */
  succeeded: number;
  unknown: number;
  unconfirmed: number;
  /** Devices that install by themselves, and were sent the firmware more than once. */
  sentTwice: number;
  /** How long `pushrod push` lived, */
  pushMs: number;
  /** and for how much of that there was no push yet. */
  beginMs: number;
  violations: Set<string>;
}

interface Listed {
  updates: { id: string; state: string }[];
}
interface Shown {
  update: { state: string };
  devices: ({ deviceId: string } & Recorded)[];
}

/** A leftover of the killed process may stand in the way of a first try. */
const pushFlags = ['--all', '--concurrency', '16', '--retries', '2'];

/** There are two kills at most: an update that has to be gone on with more often never ends by itself. */
const mostResumes = 5;

/**
 * Pushes to all devices of a bench, and kills Pushrod after so many milliseconds of the push, and of each `updates
 * resume` that follows; then lets it finish, and compares the journal with the devices.
 */
export async function crashRun(bench: CrashBench, prepared: Prepared, killAfterMs: number[]): Promise<CrashResult> {
  bench.clear();
  const dataDir = prepared.copy();
  const { sha256 } = prepared;
  const moments = [...killAfterMs];
  const counts = { kills: 0, resumes: 0, succeeded: 0, unknown: 0, unconfirmed: 0, sentTwice: 0 };
  const violations = new Set<string>();
  /** Devices that Pushrod said were done, which is so from then on. */
  const saidSucceeded = new Set<string>();

  const judge = (violationsOf: (device: CrashDevice, traces: Traces) => string[]) => {
    for (const device of bench.devices) {
      for (const violation of violationsOf(device, tracesOn(device, sha256)))
        violations.add(`${device.id}: ${violation}`);
    }
  };
  const live = async (args: string[]) => {
    const life = await killedCli(dataDir, args, moments.shift());
    if (life.wasKilled) counts.kills += 1;
    for (const id of life.succeeded) saidSucceeded.add(id);
    judge((device, traces) => violationsAnyTime(device, traces, sha256));
    return life;
  };

  const { ms: pushMs, firstWordMs: beginMs } = await live(['push', '--firmware', sha256, ...pushFlags]);
  const [listed] = (await cliJson<Listed>(dataDir, ['updates', 'list'])).updates;
  if (!listed) {
    judge((_, traces) => violationsUntouched(traces));
    return { ...counts, found: 'before', pushMs, beginMs, violations };
  }
  const show = () => cliJson<Shown>(dataDir, ['updates', 'show', listed.id]);
  const goOn = async () => {
    counts.resumes += 1;
    await live(['updates', 'resume', listed.id]);
    return show();
  };
  const found = listed.state === 'interrupted' ? 'during' : 'after';
  let shown = await (found === 'during' ? goOn() : show());
  while (shown.update.state === 'interrupted' && counts.resumes < mostResumes) shown = await goOn();
  if (shown.update.state !== 'completed') violations.add(`the update ended as "${shown.update.state}"`);

  const recorded = new Map(shown.devices.map((device) => [device.deviceId, device]));
  judge((device, traces) => {
    const of = recorded.get(device.id);
    if (!of) return ['it is not part of its update'];
    const end = endOf(device, of);
    if (end) counts[end] += 1;
    if (traces.installs.length > 1) counts.sentTwice += 1;
    const isTakenBack = saidSucceeded.has(device.id) && end !== 'succeeded';
    return [
      ...violationsAtEnd(device, of, traces, sha256),
      ...(isTakenBack ? ['it was said to be "succeeded" before a kill'] : []),
    ];
  });
  return { ...counts, found, pushMs, beginMs, violations };
}
