import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { formatSize, parseRate } from '../units.ts';

export function addLimitsCommand(program: Command, { terminal, run }: CommandContext): void {
  program
    .command('limits')
    .description('Show or set what all pushes of this laptop together may take: limits --rate-limit 20M')
    .option('--rate-limit <rate>', 'bytes a second, or "off"')
    .action(({ rateLimit }: { rateLimit?: string }) =>
      run(
        async (client) => {
          if (rateLimit !== undefined) {
            const rateLimitBytesPerSecond = rateLimit === 'off' ? null : parseRate(rateLimit, 'rate-limit');
            await client.limits.set({ rateLimitBytesPerSecond });
          }
          const found = await client.limits.get();
          const rate = found.rateLimitBytesPerSecond;
          terminal.document(found, () => (rate === null ? 'No rate limit.' : `At most ${formatSize(rate)} a second.`));
        },
        { repeatable: true },
      ),
    );
}
