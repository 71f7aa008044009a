/**
 * `npm start [-- --data DIR]`: builds Pushrod and opens its window. Where there can be no window, it serves the same
 * interface to a browser instead, and says why.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..');
const electronPackage = join(project, 'node_modules', 'electron');

/** Electron's program, if its package was completed by the download that npm may skip. */
function electronBinary(): string | null {
  // Not through `import 'electron'`: that starts the download by itself, and offline it would wait for nothing.
  const pathFile = join(electronPackage, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const binary = join(dist ?? join(electronPackage, 'dist'), name);
  return existsSync(binary) ? binary : null;
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Runs a program to its end, hands it the signals that come in, and gives its exit code (128 + signal, as a shell does). */
function run(program: string, args: string[]): Promise<number> {
  const child = spawn(program, args, { cwd: project, stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const forward = (signal: NodeJS.Signals) => passOn(child, signal);
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** A terminal sends Ctrl-C to the whole process group, so the child has it already: twice would look like impatience. */
function passOn(child: ChildProcess, signal: NodeJS.Signals): void {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}

async function start(args: string[]): Promise<number> {
  const vite = join(project, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const built = await run(process.execPath, [vite, 'build', '--logLevel', 'error']);
  if (built !== 0) return built;
  const electron = electronBinary();
  if (electron !== null && hasDisplay()) return run(electron, [project, ...args]);
  const reason =
    electron === null ? "Electron's binary is not installed (npx install-electron gets it)" : 'There is no display';
  process.stderr.write(`${reason}, so Pushrod serves its window to a browser, at the url that follows.\n`);
  return run(process.execPath, [join(project, 'src', 'cli', 'index.ts'), 'serve', '--open', ...args]);
}

process.exitCode = await start(process.argv.slice(2));
