import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { table } from '../table.ts';

export function addSignerCommands(program: Command, { terminal, run }: CommandContext): void {
  const signers = program.command('signers').description('Whose signatures of firmware are trusted (minisign)');

  signers
    .command('add <name>')
    .description('Trust a public key: signers add maker --key maker.pub | --key RWQf6LRC…')
    .requiredOption('--key <file|key>', 'a .pub file of minisign, or its line that begins with RW')
    .action((name: string, { key }: { key: string }) =>
      run(async (client) => {
        const publicKey = existsSync(key) ? readFileSync(key, 'utf8') : key;
        const added = await client.signers.add({ name, publicKey });
        terminal.document(
          added,
          () => `Firmware that is signed with the key ${added.keyId} counts as ${added.name}'s.`,
        );
      }),
    );

  signers
    .command('list')
    .description('List whose signatures are trusted: signers list')
    .action(() =>
      run(async (client) => {
        const found = await client.signers.list();
        terminal.document(found, () =>
          table(
            ['SIGNER', 'KEY ID', 'PUBLIC KEY'],
            found.signers.map((one) => [one.name, one.keyId, one.publicKey]),
          ),
        );
      }),
    );

  signers
    .command('remove <name>')
    .description('Trust a signer no more; what they signed counts as unsigned: signers remove maker')
    .action((name: string) =>
      run(async (client) => {
        await client.signers.remove({ name });
        terminal.document({ removed: name }, () => `Removed the signer ${name}.`);
      }),
    );
}
