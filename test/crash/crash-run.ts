import { cliJson, spawnCli } from '../harness/cli.ts';
import type { CrashBench } from './crash-bench.ts';
import type { Prepared } from './prepare.ts';
import { tracesOn } from './traces.ts';
import { endOf, type Recorded, violationsAnyTime, violationsAtEnd, violationsUntouched } from './violations.ts';

/** How one run went. */
export interface CrashResult {
  /** Where the first kill met the push: before it was on record, under way, or after its end. */
  killed: 'before' | 'during' | 'after' | 'never';
  /** How often it was gone on with. */
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
  const kills = [...killAfterMs];
  const violations = new Set<string>();
  const blame = (deviceId: string, found: string[]) => {
    for (const violation of found) violations.add(`${deviceId}: ${violation}`);
  };
  const traces = () => bench.devices.map((device) => ({ device, found: tracesOn(device, sha256) }));
  /** Devices that Pushrod said were done, which is so from then on. */
  const saidSucceeded = new Set<string>();
  const live = async (args: string[]) => {
    const { stdout, ...times } = await killed(dataDir, [...args, '--json'], kills.shift());
    for (const id of succeededIn(stdout)) saidSucceeded.add(id);
    for (const { device, found } of traces()) blame(device.id, violationsAnyTime(device, found, sha256));
    return times;
  };

  const { pushMs, beginMs } = await live(['push', '--firmware', sha256, ...pushFlags]);
  const [listed] = (await cliJson<Listed>(dataDir, ['updates', 'list'])).updates;
  const result: CrashResult = {
    killed: killedWhen(killAfterMs, listed?.state),
    ...{ resumes: 0, succeeded: 0, unknown: 0, unconfirmed: 0, sentTwice: 0, pushMs, beginMs, violations },
  };
  if (!listed) {
    for (const { device, found } of traces()) blame(device.id, violationsUntouched(found));
    return result;
  }
  const show = () => cliJson<Shown>(dataDir, ['updates', 'show', listed.id]);
  const goOn = async () => {
    result.resumes += 1;
    await live(['updates', 'resume', listed.id]);
    return show();
  };
  let shown = await (listed.state === 'interrupted' ? goOn() : show());
  while (shown.update.state === 'interrupted' && result.resumes < mostResumes) shown = await goOn();
  if (shown.update.state !== 'completed') violations.add(`the update ended as "${shown.update.state}"`);
  for (const { device, found } of traces()) {
    const recorded = shown.devices.find(({ deviceId }) => deviceId === device.id);
    if (!recorded) throw new Error(`${device.id} is not part of the update.`);
    blame(device.id, violationsAtEnd(device, recorded, found, sha256));
    const end = endOf(device, recorded);
    if (end) result[end] += 1;
    if (end !== 'succeeded' && saidSucceeded.has(device.id)) {
      blame(device.id, ['it was said to be "succeeded" before a kill']);
    }
    if (found.installs.length > 1) result.sentTwice += 1;
  }
  return result;
}

function killedWhen(killAfterMs: number[], state: string | undefined): CrashResult['killed'] {
  if (killAfterMs.length === 0) return 'never';
  if (state === undefined) return 'before';
  return state === 'interrupted' ? 'during' : 'after';
}

/** Runs `pushrod`, and kills it so long after its start if it has not ended before. */
async function killed(dataDir: string, args: string[], afterMs: number | undefined) {
  const beganAtMs = performance.now();
  const sinceStart = () => performance.now() - beganAtMs;
  const { child, ended } = spawnCli(dataDir, args);
  let beginMs = Number.POSITIVE_INFINITY;
  child.stdout?.once('data', () => {
    beginMs = sinceStart();
  });
  const kill = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs);
  const { stdout } = await ended;
  clearTimeout(kill);
  return { pushMs: sinceStart(), beginMs, stdout };
}

/** A kill may cut the last line. */
function succeededIn(stdout: string): string[] {
  const whole = stdout.split('\n').slice(0, -1);
  const told = whole.map((line) => JSON.parse(line) as { type?: string; deviceId?: string; state?: string });
  return told.flatMap(({ type, deviceId, state }) =>
    type === 'device' && state === 'succeeded' && deviceId !== undefined ? [deviceId] : [],
  );
}
