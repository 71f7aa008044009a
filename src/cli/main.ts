import { CommanderError } from 'commander';
import { PushrodError } from '../shared/errors.ts';
import { exitCodeOf, fromClient, namingFlags } from './failure.ts';
import { readGlobalOptions } from './global-options.ts';
import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';

/** Runs one command line and returns its exit code (CLI.md, Everywhere). */
export async function main(argv: string[]): Promise<number> {
  const { args, json, dataDir, registry, misuse } = readGlobalOptions(argv, process.env);
  const terminal = createTerminal({ json, dataDir, registry });
  try {
    if (misuse) throw misuse;
    const outcome = { exitCode: 0 };
    await createProgram(terminal, outcome).parseAsync(args, { from: 'user' });
    return outcome.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return 0;
      const showedHelp = thrown.code === 'commander.help';
      const message = showedHelp ? 'Say which command; --help lists them.' : thrown.message.replace(/^error: /, '');
      // People have read the help already.
      if (json || !showedHelp) terminal.fail(new PushrodError('INVALID_INPUT', message));
      return 2;
    }
    const error = namingFlags(fromClient(thrown), args);
    terminal.fail(error);
    return exitCodeOf(error.code);
  }
}
