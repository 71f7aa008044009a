import type { Command } from 'commander';
import {
  describeCron,
  describeMoment,
  describeWindow,
  localZone,
  parseCron,
  parseZone,
  runsAfter,
  windowAt,
} from '../../main/calendar/index.ts';
import { PushrodError } from '../../shared/errors.ts';
import { type UpdateWindow, updateWindow } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { invalid } from '../device-fields.ts';
import { flagOf } from '../flag-names.ts';
import type { Terminal } from '../terminal.ts';
import { parseDurationMs, parseTime, parseWhole } from '../units.ts';
import { addScheduleEditCommands } from './schedule-edit.ts';

interface NextFlags {
  cron?: string;
  tz?: string;
  from?: string;
  n: string;
}

interface WindowFlags {
  start: string;
  end?: string;
  duration?: string;
  tz: string;
  cutoff?: string;
  at?: string;
}

const zoneFlag = ['--tz <zone>', 'IANA time zone of the site, such as Europe/Berlin'] as const;

/** `next --cron` and `window` only calculate: they open no data folder. */
export function addScheduleCommands(program: Command, context: CommandContext): void {
  const { terminal, run } = context;
  const schedules = program.command('schedules').description('When updates run, and the windows they may run in');

  schedules
    .command('next [name]')
    .description(
      'The next runs, of a schedule or a cron expression: schedules next --cron "0 2 * * SUN" --tz Europe/Berlin -n 3',
    )
    .option('--cron <expression>', 'five fields, six with seconds first, or a nickname such as @daily')
    .option(...zoneFlag)
    .option('--from <time>', 'runs after this time, instead of now')
    .option('-n <count>', 'how many', '5')
    .action((name: string | undefined, flags: NextFlags) => {
      if (name === undefined) return nextOf(terminal, flags);
      if (flags.cron ?? flags.tz) throw invalid('cron', 'Name a schedule, or say --cron and --tz; not both.');
      const from = momentOf(flags.from, 'from').toISOString();
      const count = parseWhole(flags.n, 'n', 1, 1_000);
      return run(async (client) => {
        const { runs } = await client.schedules.next({ name, from, count });
        terminal.document({ runs }, () => runs.join('\n') || 'It does not run any more.');
      });
    });

  schedules
    .command('window')
    .description(
      'The window that is open, or the next: schedules window --start "0 2 * * SUN" --end 04:00 --tz Europe/Berlin',
    )
    .requiredOption('--start <cron>', 'when it opens')
    .option('--end <HH:MM>', 'until when it is open, by the clock on the wall')
    .option('--duration <duration>', 'how long it is open, instead of --end')
    .requiredOption(...zoneFlag)
    .option('--cutoff <duration>', 'how long before its end the last device may be started')
    .option('--at <time>', 'as seen at this time, instead of now')
    .action((flags: WindowFlags) => {
      const window = windowOf(flags);
      const at = momentOf(flags.at, 'at');
      const found = windowAt(window, at);
      if (!found) throw invalid('at', 'No such window opens after this time.');
      terminal.document(found, () => describeWindow(window, { from: at, localZone: localZone() }));
    });
  addScheduleEditCommands(schedules, context);
}

function nextOf(terminal: Terminal, flags: NextFlags): void {
  if (flags.cron === undefined) throw invalid('cron', 'Say which runs: the name of a schedule, or --cron and --tz.');
  if (flags.tz === undefined) throw invalid('tz', 'Say whose wall clock it is: --tz Europe/Berlin.');
  const cron = parseCron(flags.cron);
  const tz = parseZone(flags.tz);
  const runs = runsAfter(cron, tz, momentOf(flags.from, 'from'), parseWhole(flags.n, 'n', 1, 10_000));
  terminal.document({ runs: runs.map((one) => one.toISOString()) }, () =>
    [describeCron(cron, tz), ...runs.map((one) => `  ${describeMoment(one, tz, localZone())}`)].join('\n'),
  );
}

const momentOf = (text: string | undefined, field: string) =>
  text === undefined ? new Date() : parseTime(text, field);

/** Throws `INVALID_INPUT`. */
function windowOf({ start, end, duration, tz, cutoff }: WindowFlags): UpdateWindow {
  if (end === undefined && duration === undefined)
    throw invalid('end', 'Say when the window ends: --end or --duration.');
  if (end !== undefined && duration !== undefined) throw invalid('duration', 'It is --end or --duration, not both.');
  const read = updateWindow.safeParse({
    start,
    tz: parseZone(tz),
    ...(end === undefined ? {} : { end }),
    ...(duration === undefined ? {} : { durationMs: parseDurationMs(duration, 'duration') }),
    ...(cutoff === undefined ? {} : { cutoffMs: parseDurationMs(cutoff, 'cutoff') }),
  });
  if (read.success) return read.data;
  const details = read.error.issues.map(({ path, message }) => ({ field: flagOf(String(path[0])), message }));
  const said = details.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new PushrodError('INVALID_INPUT', `This is no window: ${said}.`, details);
}
