import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import createMulticastDns, { type ResponseOutgoingPacket } from 'multicast-dns';
import { expect, it, onTestFinished } from 'vitest';
import { listenForAnnounced } from './announced.ts';

const never = new AbortController().signal;
const interfaces = ['127.0.0.1'];

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

/** A device that answers each question it knows an answer to. */
async function startResponder(answers: Record<string, ResponseOutgoingPacket>): Promise<number> {
  const port = await freeUdpPort();
  const responder = createMulticastDns({ port, interface: '127.0.0.1', bind: '0.0.0.0' });
  responder.on('query', ({ questions }) => {
    for (const { name, type } of questions) {
      const answer = answers[`${type} ${name}`];
      if (answer) responder.respond(answer);
    }
  });
  await once(responder, 'ready');
  onTestFinished(() => new Promise<void>((resolve) => responder.destroy(resolve)));
  return port;
}

const pointer = (service: string, instance: string) => ({
  ...{ name: `${service}.local`, type: 'PTR' as const },
  data: `${instance}.${service}.local`,
});
const place = (instance: string, target: string, port: number) => ({
  ...{ name: instance, type: 'SRV' as const },
  data: { target, port },
});
const address = (name: string, data: string) => ({ name, type: 'A' as const, data });

it('hears what announces itself, said at once or bit by bit', async () => {
  const port = await startResponder({
    'PTR _ssh._tcp.local': {
      answers: [pointer('_ssh._tcp', 'Camera 7'), pointer('_ipp._tcp', 'printer')],
      additionals: [place('Camera 7._ssh._tcp.local', 'cam7.local', 2222), address('cam7.local', '127.0.0.9')],
    },
    'PTR _http._tcp.local': { answers: [pointer('_http._tcp', 'plc\u001b[2J')] },
    'SRV plc\u001b[2j._http._tcp.local': { answers: [place('plc\u001b[2J._http._tcp.local', 'PLC.local', 80)] },
    'A plc.local': { answers: [address('plc.local', '127.0.0.8')] },
    'PTR _sftp-ssh._tcp.local': { answers: [pointer('_sftp-ssh._tcp', 'nowhere')] },
  });
  expect(await listenForAnnounced({ interfaces, port, durationMs: 1_500 }, never)).toEqual([
    { name: 'Camera 7', service: '_ssh._tcp', host: '127.0.0.9', port: 2222 },
    { name: 'plc [2J', service: '_http._tcp', host: '127.0.0.8', port: 80 },
  ]);
});

it('stops to listen at once when it is cancelled', async () => {
  const impatient = new AbortController();
  const listening = listenForAnnounced(
    { interfaces, port: await freeUdpPort(), durationMs: 600_000 },
    impatient.signal,
  );
  impatient.abort(new Error('enough'));
  await expect(listening).rejects.toThrow('enough');
});

it('says when another program keeps the port to itself', async () => {
  const other = createSocket('udp4').bind(0);
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  await expect(listenForAnnounced({ interfaces, port, durationMs: 600_000 }, never)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('EADDRINUSE'),
  });
});
