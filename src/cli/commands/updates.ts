import { type Command, Option } from 'commander';
import type { Update, UpdateId, UpdateState } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { follow } from '../follow.ts';
import { printableLines, table } from '../table.ts';

const states: UpdateState[] = ['running', 'interrupted', 'completed', 'cancelled'];

export function addUpdateCommands(program: Command, { terminal, run }: CommandContext): void {
  const updates = program.command('updates').description('Pushes that run, and those that ran');

  updates
    .command('list')
    .description('List updates, the newest first: updates list --state interrupted')
    .addOption(new Option('--state <state>', 'in this state').choices(states))
    .action(({ state }: { state?: UpdateState }) =>
      run(
        async (client) => {
          const found = (await client.updates.list()).updates.filter(
            (one) => state === undefined || one.state === state,
          );
          terminal.document({ updates: found }, () =>
            table(
              ['ID', 'NAME', 'STATE', 'DEVICES', 'STARTED'],
              found.map((one) => [one.id, one.name, one.state, countsOf(one), one.createdAt]),
            ),
          );
        },
        { repeatable: true },
      ),
    );

  updates
    .command('show <id>')
    .description('Show an update and each of its devices: updates show ID')
    .action((updateId: UpdateId) =>
      run(
        async (client) => {
          const found = await client.updates.get({ updateId });
          terminal.document(found, () =>
            [
              `${found.update.name}: ${found.update.state} (${countsOf(found.update)})`,
              table(
                ['DEVICE', 'ADDRESS', 'STATE', 'ATTEMPTS', 'ERROR', 'MESSAGE'],
                found.devices.map((one) => [
                  one.deviceName,
                  one.address,
                  one.state,
                  one.attempt,
                  one.errorCode,
                  one.message,
                ]),
              ),
            ].join('\n'),
          );
        },
        { repeatable: true },
      ),
    );

  updates
    .command('outputs <id>')
    .description('Show what the commands of the profiles said on the devices: updates outputs ID')
    .action((updateId: UpdateId) =>
      run(
        async (client) => {
          const { outputs } = await client.updates.outputs({ updateId });
          const { devices } = await client.updates.get({ updateId });
          const names = new Map(devices.map((device) => [device.deviceId, device.deviceName]));
          terminal.document({ outputs }, () =>
            outputs
              .map((one) => {
                const ended = one.exitCode === null ? 'ended by a signal' : `exit code ${one.exitCode}`;
                const head = `${names.get(one.deviceId)}, ${one.step}, ${one.at}: ${one.command} (${ended})`;
                return printableLines([head, ...one.output.split('\n').map((line) => `  ${line}`)].join('\n'));
              })
              .join('\n'),
          );
        },
        { repeatable: true },
      ),
    );

  updates
    .command('watch <id>')
    .description('Follow an update to its end: updates watch ID')
    .action((updateId: UpdateId) =>
      run((client) => follow(client, updateId, terminal, { cancelOnInterrupt: false }), { repeatable: true }),
    );

  updates
    .command('cancel <id>')
    .description('Cancel an update, from any terminal: updates cancel ID')
    .action((updateId: UpdateId) =>
      run(
        async (client) => {
          await client.updates.cancel({ updateId });
          const { update } = await client.updates.get({ updateId });
          terminal.document(update, () => `${update.name} is ${update.state} (${countsOf(update)}).`);
        },
        { repeatable: true },
      ),
    );

  updates
    .command('resume <id>')
    .description('Go on with an interrupted update and follow it: updates resume ID')
    .action((updateId: UpdateId) =>
      run(
        async (client) => {
          await client.updates.resume({ updateId });
          return follow(client, updateId, terminal, { cancelOnInterrupt: true });
        },
        { shared: true },
      ),
    );
}

function countsOf({ counts }: Update): string {
  return Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}
