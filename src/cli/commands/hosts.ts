import type { Command } from 'commander';
import { PushrodError } from '../../shared/errors.ts';
import type { DeviceId } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { table } from '../table.ts';

export function addHostCommands(program: Command, { terminal, run }: CommandContext): void {
  const hosts = program.command('hosts').description('Host keys of devices, kept as OpenSSH known_hosts');

  hosts
    .command('list')
    .description('List known host keys: hosts list')
    .action(() =>
      run(async (client) => {
        const found = await client.hosts.list();
        terminal.document(found, () =>
          table(
            ['HOST', 'TYPE', 'FINGERPRINT'],
            found.hosts.map((one) => [one.host, one.keyType, one.fingerprint]),
          ),
        );
      }),
    );

  hosts
    .command('trust <device>')
    .description('Trust the key a device shows: hosts trust gateway-1 --fingerprint SHA256:…')
    .option('--fingerprint <fingerprint>', 'only if it is this one, as read from the device')
    .option('--scan', 'whatever key it shows now')
    .action((id: DeviceId, flags: { fingerprint?: string; scan?: boolean }) =>
      run(
        async (client) => {
          if ((flags.fingerprint === undefined) === (flags.scan === undefined)) {
            const message = 'Say what to trust: --fingerprint SHA256:…, or --scan for whatever the device shows now.';
            throw new PushrodError('INVALID_INPUT', message, [{ field: 'fingerprint', message }]);
          }
          const trusted = await client.hosts.trust({ id, fingerprint: flags.fingerprint });
          terminal.document(
            trusted,
            () => `${trusted.host} is trusted with ${trusted.fingerprint} (${trusted.keyType}).`,
          );
        },
        { shared: true },
      ),
    );

  hosts
    .command('forget <device>')
    .description("Forget a device's keys, after a reset for example: hosts forget gateway-1")
    .action((id: DeviceId) =>
      run(async (client) => {
        const result = await client.hosts.forget({ id });
        terminal.document(result, () => `Forgot ${result.forgotten} ${result.forgotten === 1 ? 'key' : 'keys'}.`);
      }),
    );
}
