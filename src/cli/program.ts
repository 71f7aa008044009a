import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { CommandContext } from './command-context.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addCredentialCommands } from './commands/credentials.ts';
import { addDeviceCommands } from './commands/devices.ts';
import { addFirmwareCommands } from './commands/firmware.ts';
import { addHostCommands } from './commands/hosts.ts';
import { addLimitsCommand } from './commands/limits.ts';
import { addPresenceCommand } from './commands/presence.ts';
import { addProfileCommands } from './commands/profiles.ts';
import { addPushCommand } from './commands/push.ts';
import { addRegistryCommands } from './commands/registry.ts';
import { addScheduleCommands } from './commands/schedules.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSignerCommands } from './commands/signers.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addSiteCommands } from './commands/sites.ts';
import { addSlotCommands } from './commands/slots.ts';
import { addUpdateCommands } from './commands/updates.ts';
import { withClient } from './open.ts';
import type { Terminal } from './terminal.ts';

/** The commands of CLI.md. Failures are thrown, never printed here. */
export function createProgram(terminal: Terminal, outcome: { exitCode: number }): Command {
  const program = new Command('pushrod')
    .description('Push firmware to every device on the bench')
    // Else the program's own --version hides the option of the same name of `push` and `firmware add`.
    .enablePositionalOptions()
    .version(packageJson.version)
    .option('--data <folder>', 'data folder (or PUSHROD_DATA); the desktop app uses the same default')
    .option('--registry <url>', 'shared registry, postgres://… (or PUSHROD_REGISTRY), instead of the chosen one')
    .option('--json', 'JSON on standard output')
    .configureHelp({ showGlobalOptions: true });
  const context: CommandContext = {
    terminal,
    async run(work, options) {
      const code = await withClient(terminal, work, { ...options, note: terminal.note });
      if (typeof code === 'number') outcome.exitCode = code;
    },
  };
  addDeviceCommands(program, context);
  addProfileCommands(program, context);
  addCredentialCommands(program, context);
  addHostCommands(program, context);
  addFirmwareCommands(program, context);
  addSignerCommands(program, context);
  addRegistryCommands(program, context);
  addPushCommand(program, context);
  addUpdateCommands(program, context);
  addLimitsCommand(program, context);
  addScheduleCommands(program, context);
  addSiteCommands(program, context);
  addSlotCommands(program, context);
  addPresenceCommand(program, context);
  addServeCommand(program, context);
  addBackupCommands(program, context);
  addSimulateCommand(program, context);
  throwFailures(program);
  return program;
}

function throwFailures(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const sub of command.commands) throwFailures(sub);
}
