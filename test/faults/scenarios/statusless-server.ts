import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Connection, Server } from 'ssh2';
import type { SshKey } from '../../harness/index.ts';

/**
 * An SSH server that lets everyone in and runs commands, but closes the channel of those that `isSwallowed` as soon as
 * they have ended or got their first input, and never says how they ended.
 */
export async function startStatuslessServer(
  hostKey: Pick<SshKey, 'file'>,
  isSwallowed: (command: string) => boolean,
): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Connection>();
  const server = new Server({ hostKeys: [readFileSync(hostKey.file)] }, (client) => {
    open.add(client);
    client.on('error', () => undefined);
    client.on('close', () => open.delete(client));
    client.on('authentication', (context) => context.accept());
    client.on('session', (acceptSession) => {
      acceptSession().on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        const child = spawn('/bin/sh', ['-c', command]);
        child.stdin.on('error', () => undefined);
        channel.on('error', () => undefined);
        channel.pipe(child.stdin);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        if (isSwallowed(command)) channel.once('data', () => child.kill());
        child.on('close', (code) => {
          if (!isSwallowed(command)) channel.exit(code ?? 255);
          channel.close();
        });
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const client of open) client.end();
      server.close();
      await once(server, 'close');
    },
  };
}
