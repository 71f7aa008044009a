import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type LocalSocket, localSocketPath, startLocalSocket, startServer } from '../../main/server/index.ts';
import { PushrodError } from '../../shared/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { openPatiently, tellMigrating } from '../open.ts';
import { parseWhole } from '../units.ts';
import { untilStopped } from '../until-stopped.ts';

/** The built page: beside the built program, or below `out` when this runs from its sources. */
const rendererDir = import.meta.url.endsWith('.ts')
  ? join(import.meta.dirname, '..', '..', '..', 'out', 'renderer')
  : join(import.meta.dirname, '..', 'renderer');

export function addServeCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('serve')
    .description('Serve the window to a browser: serve --open')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'TCP port; 0 takes a free one', '0')
    .option('--open', 'open the browser')
    .action(async (flags: { host: string; port: string; open?: boolean }) => {
      const { dataDir } = terminal;
      if (!existsSync(rendererDir)) {
        throw new PushrodError('INVALID_INPUT', `The page is not built (${rendererDir}); run npm run build first.`);
      }
      const port = parseWhole(flags.port, 'port', 0, 65_535);
      const app = await openPatiently({
        ...{ dataDir, registry: terminal.registry, withoutRegistry: true },
        onMigrating: tellMigrating(terminal.note),
      });
      const stopped = untilStopped();
      let socket: LocalSocket | undefined;
      try {
        socket = await startLocalSocket({ app, path: localSocketPath(dataDir) });
        const server = await startServer({
          ...{ app, rendererDir, host: flags.host, port },
          tokenFile: join(dataDir, 'server-tokens.json'),
          onPairingCode: (code) => terminal.note(`The next browser pairs with the code ${code}`),
        });
        app.carryOn();
        const { url, pairingCode } = server;
        terminal.jsonLine({ url, pairingCode, pid: process.pid });
        terminal.note(`Pushrod is at ${url}\nPairing code: ${pairingCode}. Ctrl-C ends it.`);
        if (flags.open) openBrowser(url);
        await stopped;
        await server.close();
      } finally {
        await socket?.close();
        await app.close();
      }
    });
}

/** Opens the url in the user's browser, where there is one; the url is printed in any case. */
function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""', url]
        : ['xdg-open', url];
  const child: ChildProcess = spawn(program ?? '', args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
