import { spawnCli } from '../harness/cli.ts';

/** What a `pushrod` did until it ended, or was killed. */
export interface Life {
  ms: number;
  /** When it said its first word; `Infinity` if it never did. */
  firstWordMs: number;
  wasKilled: boolean;
  /** Ids of the devices it called `succeeded`. */
  succeeded: string[];
}

/** Runs `pushrod ARGS --json`, and kills it so long after its start if it has not ended before. */
export async function killedCli(dataDir: string, args: string[], afterMs: number | undefined): Promise<Life> {
  const beganAtMs = performance.now();
  const sinceStart = () => performance.now() - beganAtMs;
  const { child, ended } = spawnCli(dataDir, [...args, '--json']);
  let firstWordMs = Number.POSITIVE_INFINITY;
  child.stdout?.once('data', () => {
    firstWordMs = sinceStart();
  });
  const kill = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs);
  const { code, stdout } = await ended;
  clearTimeout(kill);
  return { ms: sinceStart(), firstWordMs, wasKilled: code === null, succeeded: succeededIn(stdout) };
}

/** A kill may cut the last line. */
function succeededIn(stdout: string): string[] {
  const whole = stdout.split('\n').slice(0, -1);
  const told = whole.map((line) => JSON.parse(line) as { type?: string; deviceId?: string; state?: string });
  return told.flatMap(({ type, deviceId, state }) =>
    type === 'device' && state === 'succeeded' && deviceId !== undefined ? [deviceId] : [],
  );
}
