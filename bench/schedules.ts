import { spawnSync } from 'node:child_process';
import { median } from './measure.ts';
import { record } from './results.ts';

/** What {@link file://./schedules-program.ts} prints, times in milliseconds. */
export interface ScheduleFigures {
  /** To have 10,000 schedules with their next runs. */
  computeMs: number;
  /** CPU time while nothing was due, of so much time. */
  idleCpuMs: number;
  idleMs: number;
  /** How late runs began. */
  lateMs: number[];
}

const rounds = 3;

/** 10,000 schedules: their next runs, how late they begin, and what they cost while nothing is due; against croner's own timers. */
export async function run(): Promise<void> {
  const ours: ScheduleFigures[] = [];
  const peers: ScheduleFigures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(measure('pushrod'));
    peers.push(measure('croner'));
  }
  const row = (name: string, all: ScheduleFigures[]) => {
    const of = (figure: (one: ScheduleFigures) => number) => median(all.map(figure));
    const late = all.flatMap(({ lateMs }) => lateMs).sort((one, other) => one - other);
    const idle = of(({ idleCpuMs, idleMs }) => (idleCpuMs / idleMs) * 100);
    return {
      computeMs: of(({ computeMs }) => computeMs),
      text: `| ${name} | ${of(({ computeMs }) => computeMs).toFixed(0)} ms | ${idle.toFixed(3)} % | ${at(late, 0.5)} ms | ${at(late, 0.99)} ms |`,
    };
  };
  const [us, peer] = [row('Pushrod', ours), row('croner', peers)];
  record('schedules', [
    '10,000 nightly schedules in 40 zones, medians of 3 processes each. Idle: of one core, over 30 s in which nothing was due',
    '(0.1 % is the goal). Late: 200 one-off runs, one every 50 ms. Pushrod reads its schedules from the data folder, and a run',
    'is on record by then; croner has a timer and a closure for each.',
    '',
    '| | next runs of all | idle CPU | late, median | late, p99 |',
    '|---|---|---|---|---|',
    us.text,
    peer.text,
    '',
    `croner / Pushrod for the next runs: ${(peer.computeMs / us.computeMs).toFixed(2)}.`,
  ]);
}

function measure(who: 'pushrod' | 'croner'): ScheduleFigures {
  const program = new URL('./schedules-program.ts', import.meta.url).pathname;
  const { stdout, status, stderr } = spawnSync(process.execPath, [program, who], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ScheduleFigures;
}

const at = (sorted: number[], share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
