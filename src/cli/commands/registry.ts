import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { PushrodClient } from '../../shared/contract/index.ts';
import type { RegistryStatus } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';

export function addRegistryCommands(program: Command, { terminal, run }: CommandContext): void {
  const registry = program.command('registry').description('Where the devices are kept');

  registry
    .command('show')
    .description('Say where the devices are kept: registry show')
    .action(() =>
      run(
        async (client) => {
          const status = await settledStatus(client);
          terminal.document(status, () => {
            const reached = status.connected ? '' : ` It cannot be reached now: ${status.message}.`;
            return `The devices are kept in ${status.place} (${status.kind}).${reached}`;
          });
        },
        { withoutRegistry: true },
      ),
    );

  registry
    .command('use <url>')
    .description('From the next start on: registry use postgres://bench:secret@192.0.2.5/pushrod | registry use local')
    .action((url: string) =>
      run(
        async (client) => {
          await client.registry.use({ url: url === 'local' ? null : url });
          terminal.document({ used: true }, () => 'Used from the next start on.');
        },
        { withoutRegistry: true },
      ),
    );
}

const settlesWithinMs = 10_000;
const askAgainMs = 50;

/** A registry that is still being opened counts as connected, and refuses calls. */
async function settledStatus(client: PushrodClient): Promise<RegistryStatus> {
  const giveUpAtMs = performance.now() + settlesWithinMs;
  for (;;) {
    const answers = await client.devices.list({ limit: 1 }).then(
      () => true,
      () => false,
    );
    const status = await client.registry.status();
    if (answers || !status.connected) return status;
    if (performance.now() >= giveUpAtMs) return { ...status, connected: false, message: 'it does not answer' };
    await delay(askAgainMs);
  }
}
