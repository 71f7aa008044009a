import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';

export function addRegistryCommands(program: Command, { terminal, run }: CommandContext): void {
  const registry = program.command('registry').description('Where the devices are kept');

  registry
    .command('show')
    .description('Say where the devices are kept: registry show')
    .action(() =>
      run(async (client) => {
        const status = await client.registry.status();
        terminal.document(status, () => {
          const reached = status.connected ? '' : ` It cannot be reached now: ${status.message}.`;
          return `The devices are kept in ${status.place} (${status.kind}).${reached}`;
        });
      }),
    );

  registry
    .command('use <url>')
    .description('From the next start on: registry use postgres://bench:secret@192.0.2.5/pushrod | registry use local')
    .action((url: string) =>
      run(async (client) => {
        await client.registry.use({ url: url === 'local' ? null : url });
        terminal.document({ used: true }, () => 'Used from the next start on.');
      }),
    );
}
