import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryDir } from '../../../test/harness/index.ts';
import type { Firmware } from '../../shared/model/index.ts';
import { type App, createApp } from '../app.ts';
import { type RunningServer, startServer } from './index.ts';

const dir = temporaryDir();
let app: App;
let server: RunningServer;
let authorization: string;
const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;

beforeAll(async () => {
  app = await createApp({ dataDir: join(dir, 'data') });
  server = await startServer({ app, rendererDir: dir });
  const paired = await fetch(at('/api/pair'), { method: 'POST', body: JSON.stringify({ code: server.pairingCode }) });
  authorization = `Bearer ${((await paired.json()) as { token: string }).token}`;
});
afterAll(async () => {
  await server.close();
  await app.close();
});

async function upload(query: Record<string, string>, body: string): Promise<Firmware> {
  const path = `/api/firmware?${new URLSearchParams(query)}`;
  const answer = await fetch(at(path), { method: 'POST', headers: { authorization }, body });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Firmware;
}

it('an upload of bytes the library has, under another name, keeps what is said of them', async () => {
  const first = await upload({ fileName: 'gw-1.0.bin', version: '1.0', models: 'R1', notes: 'night shift' }, 'bytes');
  expect(await upload({ fileName: 'copy (2).bin', version: '2' }, 'bytes')).toEqual(first);
  expect(await app.client('lan').firmware.list()).toEqual({ firmware: [first] });
});
