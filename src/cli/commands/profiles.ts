import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { PushrodError } from '../../shared/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { profileJson, readProfileJson } from '../profile-json.ts';
import { table } from '../table.ts';

export function addProfileCommands(program: Command, { terminal, run }: CommandContext): void {
  const profiles = program.command('profiles').description('How kinds of devices are updated');

  profiles
    .command('list')
    .description('List profiles: profiles list')
    .action(() =>
      run(async (client) => {
        const found = (await client.profiles.list()).profiles;
        terminal.document({ profiles: found.map(profileJson) }, () =>
          table(
            ['NAME', 'DEFAULT', 'PRESET', 'TRANSPORT', 'REMOTE PATH'],
            found.map((one) => [
              one.name,
              one.isDefault ? 'yes' : '',
              one.isPreset ? 'yes' : '',
              one.profile.transport,
              one.profile.http?.path ?? one.profile.remotePath,
            ]),
          ),
        );
      }),
    );

  profiles
    .command('get <name>')
    .description('Show a profile: profiles get copy')
    .action((name: string) =>
      run(async (client) => {
        const found = profileJson(await client.profiles.get({ name }));
        terminal.document(found, () => JSON.stringify(found, undefined, 2));
      }),
    );

  profiles
    .command('set <name> <file>')
    .description('Make or replace a profile from JSON: profiles set gateways gateways.json')
    .action((name: string, file: string) =>
      run(async (client) => {
        const text = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
          const message = `The profile file ${file} cannot be read (${thrown.code}).`;
          throw new PushrodError('INVALID_INPUT', message, [{ field: 'file', message }]);
        });
        const saved = await client.profiles.set({ name, profile: readProfileJson(text) });
        terminal.document(profileJson(saved), () => `Saved ${name}.`);
      }),
    );

  profiles
    .command('remove <name>')
    .description('Remove a profile of your own: profiles remove gateways')
    .action((name: string) =>
      run(async (client) => {
        await client.profiles.remove({ name });
        terminal.document({ removed: 1 }, () => `Removed ${name}.`);
      }),
    );

  profiles
    .command('default <name>')
    .description('Use a profile for devices that name none: profiles default copy')
    .action((name: string) =>
      run(async (client) => {
        await client.profiles.setDefault({ name });
        terminal.document({ default: name }, () => `${name} is the default now.`);
      }),
    );
}
