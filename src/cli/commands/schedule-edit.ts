import type { Command } from 'commander';
import { PushrodError } from '../../shared/errors.ts';
import type { NamedSchedule, ScheduleRun } from '../../shared/model/index.ts';
import { addBlackoutFlags, type BlackoutFlags, blackoutsOf } from '../blackout-flags.ts';
import type { CommandContext } from '../command-context.ts';
import { firmwareOf } from '../firmware-flags.ts';
import { addRunFlags, runSettingsOf } from '../push-flags.ts';
import { addScheduleFlags, type ScheduleFlags, timesOf } from '../schedule-flags.ts';
import { addSelectorFlags, collect, type SelectorFlags, selectionOf } from '../selector.ts';
import { table } from '../table.ts';
import { parseWhole } from '../units.ts';

type AddFlags = SelectorFlags &
  ScheduleFlags &
  BlackoutFlags & { firmware: string[]; version?: string; replace?: boolean };

/** The commands that keep schedules: `schedules add`, `list`, `get`, … */
export function addScheduleEditCommands(schedules: Command, { terminal, run }: CommandContext): void {
  const add = addSelectorFlags(schedules.command('add <name>'))
    .description('Push by itself: schedules add nightly --cron "0 2 * * SUN" --window-end 04:00 --tz Europe/Berlin …')
    .requiredOption(
      '--firmware <file|sha256|latest>',
      'a file, what is in the library, or the newest there is for the model of each device',
      collect,
    )
    .option('--version <version>', "the file's version; guessed from its name when left out")
    .option('--replace', 'instead of the schedule of this name');
  addRunFlags(addBlackoutFlags(addScheduleFlags(add))).action((name: string, flags: AddFlags) =>
    run(
      async (client, signal) => {
        const times = { ...timesOf(flags), blackouts: await blackoutsOf(client, flags) };
        const settings = { selection: selectionOf(flags), ...runSettingsOf(flags) };
        const { schedules: all } = await client.schedules.list();
        if (!flags.replace && all.some((one) => one.name === name)) {
          throw new PushrodError('CONFLICT', `There is a schedule "${name}" already; say --replace to set it anew.`);
        }
        const isLatest = flags.firmware.join() === 'latest';
        const firmware = isLatest ? ('latest' as const) : await firmwareOf(client, flags, signal);
        const set = await client.schedules.set({ name, schedule: { ...times, push: { ...settings, firmware } } });
        terminal.document(set, () => textOf(set));
      },
      { shared: true },
    ),
  );

  schedules
    .command('list')
    .description('List the schedules: schedules list')
    .action(() =>
      run(
        async (client) => {
          const found = await client.schedules.list();
          terminal.document(found, () =>
            table(
              ['SCHEDULE', 'NEXT RUN', 'RUNS', 'WHEN'],
              found.schedules.map((one) => [one.name, nextText(one), one.runs, one.description]),
            ),
          );
        },
        { repeatable: true },
      ),
    );

  schedules
    .command('get <name>')
    .description('Show a schedule: schedules get nightly')
    .action((name: string) =>
      run(
        async (client) => {
          const found = await client.schedules.get({ name });
          terminal.document(found, () => textOf(found));
        },
        { repeatable: true },
      ),
    );

  for (const isEnabled of [true, false]) {
    const word = isEnabled ? 'enable' : 'disable';
    schedules
      .command(`${word} <name>`)
      .description(
        `${isEnabled ? 'Let a schedule run again' : 'Keep a schedule from running'}: schedules ${word} nightly`,
      )
      .action((name: string) =>
        run(async (client) => {
          const set = await client.schedules.enable({ name, isEnabled });
          terminal.document(set, () => textOf(set));
        }),
      );
  }

  schedules
    .command('remove <name>')
    .description('Remove a schedule; pushes that it began go on: schedules remove nightly')
    .action((name: string) =>
      run(async (client) => {
        await client.schedules.remove({ name });
        terminal.document({ removed: name }, () => `Removed the schedule ${name}.`);
      }),
    );

  schedules
    .command('run <name>')
    .description('Begin a run out of turn; in its windows, if it has some: schedules run nightly')
    .action((name: string) =>
      run(
        async (client) => {
          const begun = await client.schedules.runNow({ name });
          terminal.document(begun, () => runText(begun));
          return begun.state === 'started' ? 0 : 1;
        },
        { shared: true },
      ),
    );

  schedules
    .command('history <name>')
    .description('Show what came of the runs of a schedule, the newest first: schedules history nightly')
    .option('--limit <n>', 'so many at most', '100')
    .action((name: string, { limit }: { limit: string }) =>
      run(
        async (client) => {
          const found = await client.schedules.history({ name, limit: parseWhole(limit, 'limit', 1) });
          terminal.document(found, () =>
            table(
              ['DUE', 'WHAT CAME OF IT', 'UPDATES'],
              found.runs.map((one) => [one.dueAt, runText(one), one.updates.map(({ id }) => id).join(' ')]),
            ),
          );
        },
        { repeatable: true },
      ),
    );
}

const nextText = ({ isEnabled, nextRunAt }: NamedSchedule) => (isEnabled ? (nextRunAt ?? 'never again') : 'disabled');

function textOf(schedule: NamedSchedule): string {
  const { name, description, isEnabled, nextRunAt } = schedule;
  if (!isEnabled) return `${name}: ${description}. It is disabled.`;
  const next = nextRunAt === null ? 'It does not run any more.' : `Next run: ${nextRunAt}.`;
  return `${name}: ${description}. ${next} It runs while Pushrod is open: its window, or "pushrod serve".`;
}

function runText({ state, count, reason, updates }: ScheduleRun): string {
  const what = state === 'started' ? updates.map((one) => `${one.name}: ${one.state}`).join(', ') : state;
  return [count > 1 ? `${what} (${count} runs)` : what, reason].filter(Boolean).join('. ');
}
