import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatBytes } from '../../shared/format-bytes.ts';
import type { Sha256 } from '../../shared/model/index.ts';
import { addFirmware } from '../add-firmware.ts';
import type { CommandContext } from '../command-context.ts';
import { invalid } from '../device-fields.ts';
import { firmwareJson } from '../firmware-json.ts';
import { collect } from '../selector.ts';
import { table } from '../table.ts';

export function addFirmwareCommands(program: Command, { terminal, run }: CommandContext): void {
  const firmware = program.command('firmware').description('The library of firmware files');

  firmware
    .command('add <file>')
    .description('Copy a file into the library: firmware add gw-2.5.1.bin --version 2.5.1 --model "EdgeLink 210"')
    .requiredOption('--version <version>', 'its version')
    .option('--model <model>', 'a model it is for; repeatable', collect)
    .option('--notes <text>', 'what people should know')
    .option('--signature <file>', 'its .minisig file, by one of the trusted "signers"')
    .action((file: string, flags: { version: string; model?: string[]; notes?: string; signature?: string }) =>
      run(
        async (client, signal) => {
          const said = { version: flags.version, models: flags.model, notes: flags.notes };
          const { signature } = flags;
          const info = { ...said, ...(signature && { signature: readSignatureFile(signature) }) };
          const added = await addFirmware(client, resolve(file), info, said, signal);
          terminal.document(firmwareJson(added), () => `${added.sha256}  ${added.fileName} ${added.version}`);
        },
        { shared: true },
      ),
    );

  firmware
    .command('list')
    .description('List the library: firmware list')
    .action(() =>
      run(async (client) => {
        const { firmware: found } = await client.firmware.list();
        terminal.document({ firmware: found.map(firmwareJson) }, () =>
          table(
            ['SHA-256', 'FILE', 'VERSION', 'SIZE', 'SIGNED BY', 'ADDED'],
            found.map((one) => [
              ...[one.sha256, one.fileName, one.version, formatBytes(one.sizeBytes)],
              ...[one.signature?.signer ?? null, one.addedAt],
            ]),
          ),
        );
      }),
    );

  firmware
    .command('get <sha256>')
    .description('Show a firmware: firmware get SHA256')
    .action((sha256: Sha256) =>
      run(async (client) => {
        const found = firmwareJson(await client.firmware.get({ sha256 }));
        terminal.document(found, () => JSON.stringify(found, undefined, 2));
      }),
    );

  firmware
    .command('sign <sha256>')
    .description('Say who signed a firmware of the library: firmware sign SHA256 --signature gw-2.5.1.bin.minisig')
    .requiredOption('--signature <file>', 'its .minisig file, by one of the trusted "signers"')
    .action((sha256: Sha256, flags: { signature: string }) =>
      run(async (client) => {
        const signed = await client.firmware.sign({ sha256, signature: readSignatureFile(flags.signature) });
        terminal.document(firmwareJson(signed), () => `${signed.fileName} is signed by ${signed.signature?.signer}.`);
      }),
    );

  firmware
    .command('remove <sha256>')
    .description('Take a firmware out of the library: firmware remove SHA256')
    .action((sha256: Sha256) =>
      run(async (client) => {
        await client.firmware.remove({ sha256 });
        terminal.document({ removed: 1 }, () => `Removed ${sha256}.`);
      }),
    );
}

/** @throws PushrodError `INVALID_INPUT` */
function readSignatureFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw invalid('signature', `${path} cannot be read (${(thrown as NodeJS.ErrnoException).code}).`);
  }
}
