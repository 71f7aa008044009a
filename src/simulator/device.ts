import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ssh2, { type Connection, type Session } from 'ssh2';
import { type CommandDevice, runCommand } from './commands.ts';
import { createDeviceFiles } from './device-files.ts';
import type { Fault } from './faults.ts';
import { createInstalledFirmware } from './installed-firmware.ts';
import { listen } from './listen.ts';
import { serveSftp } from './sftp-session.ts';
import { createThrottle } from './throttle.ts';

export interface DeviceConfig {
  host: string;
  /** Where it listens; any free port when left out. */
  port?: number;
  /** Private key in OpenSSH form. */
  hostKey: string;
  username: string;
  password: string;
  /** What it runs until another is installed. */
  firmwareVersion: string;
  /** How fast the device takes and gives bytes; `Infinity` for as fast as it goes. */
  rateBytesPerSecond: number;
  fault?: Fault | undefined;
  /** What lies on it from the start, by path. */
  contents?: Record<string, string>;
}

/** A device that listens. */
export interface RunningDevice {
  port: number;
  /** How often something has connected. */
  connections(): number;
  /** The folder of this laptop that is the device's file system. */
  root: string;
  /** How often a password was sent to it, right or wrong. */
  passwordsSeen(): number;
  close(): Promise<void>;
}

/** Starts one SSH device with SFTP and a few commands, over a new temporary folder. */
export async function startDevice(config: DeviceConfig): Promise<RunningDevice> {
  const root = await mkdtemp(join(tmpdir(), 'pushrod-device-'));
  const files = createDeviceFiles(root);
  for (const [path, content] of Object.entries(config.contents ?? {})) {
    await mkdir(dirname(files.locate(path)), { recursive: true });
    await writeFile(files.locate(path), content);
  }
  const throttle = createThrottle(config.rateBytesPerSecond);
  const firmware = createInstalledFirmware(files, config.firmwareVersion);
  const connections = new Set<Connection>();
  let connected = 0;
  let passwordsSeen = 0;
  const ssh = new ssh2.Server({ hostKeys: [config.hostKey], ident: 'pushrod-simulator' }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    // A peer that goes away in the middle is a device's daily life.
    connection.on('error', () => connection.end());
    connection.on('authentication', (attempt) => {
      if (attempt.method === 'password') passwordsSeen += 1;
      const isKnown = attempt.username === config.username;
      const isRight = config.fault !== 'login' && isKnown;
      if (attempt.method === 'password' && isRight && attempt.password === config.password) attempt.accept();
      else attempt.reject(['password']);
    });
    connection.on('ready', () => {
      connection.on('session', (accept) => serveSession(accept(), { files, throttle, firmware }));
    });
  });
  const server = createServer((socket) => {
    connected += 1;
    if (config.fault === 'cut') socket.destroy();
    else ssh.injectSocket(socket);
  });
  const port = await listen(server, config.host, config.port);
  return {
    port,
    root,
    connections: () => connected,
    passwordsSeen: () => passwordsSeen,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.end();
      await closed;
      await rm(root, { recursive: true, force: true });
    },
  };
}

function serveSession(session: Session, device: CommandDevice): void {
  session.on('sftp', (accept) => serveSftp(accept(), device.files, device.throttle));
  session.on('exec', (accept, _reject, { command }) => {
    const channel = accept();
    channel.on('error', () => channel.close());
    const io = { stdin: channel, stdout: channel, stderr: channel.stderr };
    void runCommand(command, device, io).then((status) => {
      channel.exit(status);
      channel.end();
    });
  });
}
