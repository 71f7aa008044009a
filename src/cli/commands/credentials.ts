import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { PushrodError } from '../../shared/errors.ts';
import type { NewCredential } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface SecretFlags {
  username: string;
  key?: string;
  passphraseStdin?: boolean;
  passwordStdin?: boolean;
  agent?: boolean;
}

export function addCredentialCommands(program: Command, { terminal, run }: CommandContext): void {
  const credentials = program
    .command('credentials')
    .description('Logins for devices; secrets go in and never come out');

  credentials
    .command('add <name>')
    .description('Store a login: credentials add bench --username root --key ~/.ssh/id_ed25519')
    .requiredOption('--username <user>', 'user on the devices')
    .option('--key <file>', 'private key, PEM or OpenSSH')
    .option('--passphrase-stdin', "read the key's passphrase from standard input")
    .option('--password-stdin', 'read a password from standard input')
    .option('--agent', 'the keys of the SSH agent where Pushrod runs (SSH_AUTH_SOCK)')
    .action(async (name: string, flags: SecretFlags) => {
      const secret = await secretOf(flags, terminal);
      return run(async (client) => {
        const added = await client.credentials.add({ name, username: flags.username, secret });
        terminal.document(added, () => `Stored ${added.name} (${added.kind} of ${added.username}).`);
      });
    });

  credentials
    .command('list')
    .description('List logins, without their secrets: credentials list')
    .action(() =>
      run(async (client) => {
        const found = await client.credentials.list();
        terminal.document(found, () =>
          table(
            ['NAME', 'USER', 'KIND', 'FINGERPRINT'],
            found.credentials.map((one) => [one.name, one.username, one.kind, one.fingerprint]),
          ),
        );
      }),
    );

  credentials
    .command('remove <name>')
    .description('Forget a login: credentials remove bench')
    .action((name: string) =>
      run(async (client) => {
        await client.credentials.remove({ name });
        terminal.document({ removed: 1 }, () => `Removed ${name}.`);
      }),
    );
}

async function secretOf(flags: SecretFlags, terminal: Terminal): Promise<NewCredential['secret']> {
  const given = [flags.key, flags.passwordStdin, flags.agent].filter((flag) => flag !== undefined);
  if (given.length !== 1) {
    const message = 'Give one secret: --key FILE, --password-stdin, or --agent.';
    throw new PushrodError('INVALID_INPUT', message, [{ field: 'key', message }]);
  }
  if (flags.agent) return { kind: 'agent' };
  if (flags.key === undefined) return { kind: 'password', password: await terminal.secret('Password') };
  const privateKey = await readFile(flags.key, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    const message = `The key file ${flags.key} cannot be read (${thrown.code}).`;
    throw new PushrodError('INVALID_INPUT', message, [{ field: 'key', message }]);
  });
  const passphrase = flags.passphraseStdin ? await terminal.secret('Passphrase of the key') : undefined;
  return { kind: 'key', privateKey, passphrase };
}
