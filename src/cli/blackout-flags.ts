import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { PushrodClient } from '../shared/contract/index.ts';
import type { Blackout } from '../shared/model/index.ts';
import { invalid } from './device-fields.ts';
import { collect } from './selector.ts';

/** Days without updates, as commander gives them. */
export interface BlackoutFlags {
  blackout?: string[];
  holidays?: string[];
}

export function addBlackoutFlags(command: Command): Command {
  return command
    .option('--blackout <date>', 'nothing on this day, YYYY-MM-DD; repeatable', collect)
    .option('--holidays <file.ics>', 'nothing on the days of this iCalendar file; repeatable', collect);
}

/** @throws PushrodError `INVALID_INPUT` for a file that cannot be read */
export async function blackoutsOf(
  client: PushrodClient,
  { blackout = [], holidays = [] }: BlackoutFlags,
): Promise<Blackout[]> {
  const found: Blackout[] = blackout.map((date) => ({ date }));
  for (const file of holidays) {
    const ics = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
      throw invalid('holidays', `${file} cannot be read (${thrown.code}).`);
    });
    found.push(...(await client.sites.readHolidays({ ics })).blackouts);
  }
  return found;
}
