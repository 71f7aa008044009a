import type { Command } from 'commander';
import type { Limits } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { formatSize, parseRate, parseWhole } from '../units.ts';

export function addLimitsCommand(program: Command, { terminal, run }: CommandContext): void {
  program
    .command('limits')
    .description(
      'Show or set what all pushes of this laptop together may take: limits --rate-limit 20M --concurrency 64',
    )
    .option('--rate-limit <rate>', 'bytes a second, or "off"')
    .option('--concurrency <n>', 'devices at the same time, or "off"')
    .action((flags: { rateLimit?: string; concurrency?: string }) =>
      run(
        async (client) => {
          const before = await client.limits.get();
          const wanted = wantedOf(flags);
          if (Object.keys(wanted).length > 0) await client.limits.set({ ...before, ...wanted });
          const found = { ...before, ...wanted };
          terminal.document(found, () => textOf(found));
        },
        { repeatable: true },
      ),
    );
}

function wantedOf({ rateLimit, concurrency }: { rateLimit?: string; concurrency?: string }): Partial<Limits> {
  const read = (text: string, parse: (text: string) => number) => (text === 'off' ? null : parse(text));
  return {
    ...(rateLimit !== undefined && {
      rateLimitBytesPerSecond: read(rateLimit, (text) => parseRate(text, 'rate-limit')),
    }),
    ...(concurrency !== undefined && { concurrency: read(concurrency, (text) => parseWhole(text, 'concurrency', 1)) }),
  };
}

function textOf({ rateLimitBytesPerSecond: rate, concurrency }: Limits): string {
  const speed = rate === null ? 'No rate limit' : `At most ${formatSize(rate)} a second`;
  return `${speed}; ${concurrency === null ? 'as many devices at once as the pushes say' : `at most ${concurrency} devices at once`}.`;
}
