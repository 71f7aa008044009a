import type { Command } from 'commander';
import { addBlackoutFlags, type BlackoutFlags, blackoutsOf } from '../blackout-flags.ts';
import type { CommandContext } from '../command-context.ts';
import { table } from '../table.ts';

export function addSiteCommands(program: Command, { terminal, run }: CommandContext): void {
  const sites = program.command('sites').description('Where devices stand: time zones and holidays of their locations');

  addBlackoutFlags(sites.command('set <location>'))
    .description('Set the time zone of a location: sites set "Hall 1" --tz Europe/Berlin --holidays de.ics')
    .requiredOption('--tz <zone>', 'the clock on its wall')
    .action((location: string, flags: BlackoutFlags & { tz: string }) =>
      run(async (client) => {
        const set = await client.sites.set({ location, zone: flags.tz, blackouts: await blackoutsOf(client, flags) });
        const days = set.blackouts.length === 0 ? '' : `; nothing on ${set.blackouts.length} days`;
        terminal.document(set, () => `${set.location} goes by the clock of ${set.zone}${days}.`);
      }),
    );

  sites
    .command('list')
    .description('List the sites: sites list')
    .action(() =>
      run(
        async (client) => {
          const found = await client.sites.list();
          terminal.document(found, () =>
            table(
              ['LOCATION', 'TIME ZONE', 'HOLIDAYS'],
              found.sites.map((one) => [one.location, one.zone, one.blackouts.length]),
            ),
          );
        },
        { repeatable: true },
      ),
    );

  sites
    .command('remove <location>')
    .description('Forget the time zone and holidays of a location: sites remove "Hall 1"')
    .action((location: string) =>
      run(async (client) => {
        await client.sites.remove({ location });
        terminal.document({ removed: location }, () => `Removed the site ${location}.`);
      }),
    );
}
