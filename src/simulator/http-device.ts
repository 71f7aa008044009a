import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningDevice } from './device.ts';
import { createDeviceFiles, type DeviceFiles } from './device-files.ts';
import type { Fault } from './faults.ts';
import { answerFile } from './http-file.ts';
import { heldRange, takeUpload } from './http-upload.ts';
import { createInstalledFirmware, type InstalledFirmware } from './installed-firmware.ts';
import { listen } from './listen.ts';
import { createThrottle, type Throttle } from './throttle.ts';

export interface HttpDeviceConfig {
  host: string;
  /** What `/version` says until an upload names another one in `X-Firmware-Version`. */
  firmwareVersion: string;
  /** How fast the device takes bytes; `Infinity` for as fast as it goes. */
  rateBytesPerSecond: number;
  fault?: Fault | undefined;
}

interface Device {
  files: DeviceFiles;
  throttle: Throttle;
  firmware: InstalledFirmware;
}

/**
 * Starts one HTTP device over a new temporary folder: `/health`, `/version`, and uploads by `POST` or `PUT`, raw or as a
 * form, to any path, which it installs; `HEAD` and `GET` give them back with their digest.
 */
export async function startHttpDevice(config: HttpDeviceConfig): Promise<Omit<RunningDevice, 'passwordsSeen'>> {
  const root = await mkdtemp(join(tmpdir(), 'pushrod-device-'));
  const files = createDeviceFiles(root);
  const device: Device = {
    files,
    throttle: createThrottle(config.rateBytesPerSecond),
    firmware: createInstalledFirmware(files, config.firmwareVersion),
  };
  let connected = 0;
  const server = createServer((request, response) => {
    if (config.fault === 'login') return json(response, 401, { error: 'who are you' });
    // A peer that goes away in the middle is a device's daily life.
    answer(device, request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    connected += 1;
    if (config.fault === 'cut') socket.destroy();
  });
  const port = await listen(server, config.host);
  return {
    port,
    root,
    connections: () => connected,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function answer(device: Device, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://device').pathname);
  const asks = request.method === 'GET' || request.method === 'HEAD';
  if (asks && path === '/health') return json(response, 200, { status: 'ok' });
  if (asks && path === '/version') return json(response, 200, { version: await device.firmware.version() });
  const file = device.files.locate(path);
  if (asks) return answerFile(file, request, response);
  if (request.method !== 'POST' && request.method !== 'PUT') return json(response, 405, { error: 'not for this' });
  const held = await heldRange(file, request);
  if (held !== undefined) return void response.writeHead(308, held).end();
  const taken = await takeUpload(file, request, device.throttle);
  if (typeof taken === 'string') return json(response, 422, { error: taken });
  const { 'x-firmware-version': version } = request.headers;
  await device.firmware.install(path, typeof version === 'string' ? version : undefined);
  json(response, 201, taken);
}

function json(response: ServerResponse, status: number, content: object): void {
  const text = JSON.stringify(content);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
