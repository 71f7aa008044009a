import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { formatDuration, parseDurationMs } from '../units.ts';

export function addPresenceCommand(program: Command, { terminal, run }: CommandContext): void {
  program
    .command('presence')
    .description('Show or set how often an open Pushrod looks which devices can be reached: presence --every 5m')
    .option('--every <duration>', 'pause between two rounds, or "off"')
    .action(({ every }: { every?: string }) =>
      run(
        async (client) => {
          if (every !== undefined) {
            await client.presence.set({ intervalMs: every === 'off' ? null : parseDurationMs(every, 'every') });
          }
          const found = await client.presence.get();
          terminal.document(found, () =>
            found.intervalMs === null
              ? 'Devices are looked for on demand only.'
              : `Devices are looked for every ${formatDuration(found.intervalMs)} while Pushrod is open.`,
          );
        },
        { repeatable: true },
      ),
    );
}
