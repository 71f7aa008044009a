import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `pushrod` in the terminal, as a process of its own. */
export interface RunningCli {
  child: ChildProcess;
  /** The lines of standard output as they come. */
  lines: AsyncIterableIterator<string>;
  ended: Promise<CliResult>;
}

/** Starts `pushrod ARGS` on a data folder. */
export function spawnCli(dataDir: string, args: string[], input = ''): RunningCli {
  const child = spawn(process.execPath, [program, '--data', dataDir, ...args], { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    // Only for who reads them: lines that nobody takes stop the program when there are many.
    get lines() {
      return createInterface(child.stdout)[Symbol.asyncIterator]();
    },
    ended,
  };
}

/** Runs `pushrod ARGS` to its end. */
export function runCli(dataDir: string, args: string[], input = ''): Promise<CliResult> {
  return spawnCli(dataDir, args, input).ended;
}

/** Runs `pushrod ARGS --json` and reads its one document. Throws what it said when it failed. */
export async function cliJson<T>(dataDir: string, args: string[], input = ''): Promise<T> {
  const { code, stdout, stderr } = await runCli(dataDir, [...args, '--json'], input);
  if (code !== 0) throw new Error(`pushrod ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}
