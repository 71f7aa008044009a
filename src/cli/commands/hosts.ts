import { readFile, writeFile } from 'node:fs/promises';
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
            ['HOST', 'TYPE', 'FINGERPRINT', 'MARKER'],
            found.hosts.map((one) => [
              one.host,
              one.keyType,
              one.fingerprint,
              one.marker === null ? '' : `@${one.marker}`,
            ]),
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

  hosts
    .command('import <file>')
    .description(
      'Add host keys of an OpenSSH known_hosts: hosts import ~/.ssh/known_hosts | ssh-keyscan plc | … import -',
    )
    .action((file: string) =>
      run(async (client) => {
        const content =
          file === '-' ? await terminal.input() : await readFile(file, 'utf8').catch(unusable('read', file));
        const result = await client.hosts.import({ content });
        terminal.document(result, () => `Imported: ${result.added} added, ${result.unchanged} were known.`);
      }),
    );

  hosts
    .command('export <file>')
    .description('Write a known_hosts for OpenSSH: hosts export bench.known_hosts | hosts export -')
    .action((file: string) =>
      run(async (client) => {
        const { content } = await client.hosts.export();
        if (file === '-') return terminal.document({ content }, () => content.trimEnd());
        await writeFile(file, content, { mode: 0o600 }).catch(unusable('written', file));
        const exported = content.split('\n').filter((line) => line !== '').length;
        terminal.document({ exported }, () => `Wrote ${exported} ${exported === 1 ? 'line' : 'lines'} to ${file}.`);
      }),
    );
}

const unusable = (done: 'read' | 'written', file: string) => (thrown: NodeJS.ErrnoException) => {
  const message = `The file ${file} cannot be ${done} (${thrown.code}).`;
  throw new PushrodError('INVALID_INPUT', message, [{ field: 'file', message }]);
};
