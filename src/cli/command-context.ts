import type { PushrodClient } from '../shared/contract/index.ts';
import type { OpenOptions } from './open.ts';
import type { Terminal } from './terminal.ts';

/** What the commands are built with. */
export interface CommandContext {
  terminal: Terminal;
  /** Runs a command's work with a client; a number it returns is the exit code. `signal` aborts when it has to end. */
  run(
    work: (client: PushrodClient, signal: AbortSignal) => Promise<unknown>,
    options?: Omit<OpenOptions, 'note'>,
  ): Promise<void>;
}
