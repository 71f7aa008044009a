import { createApp } from './src/main/app.ts';
import { readFileSync } from 'node:fs';
const app = await createApp({ dataDir: process.argv[2]! });
const c = app.client('terminal');
try {
await c.credentials.add({ name: 'k', username: 'root', secret: { kind: 'key', privateKey: readFileSync('/tmp/smoke/keys/user','utf8') } });
for (const n of ['a','b','c']) await c.devices.add({ name: n, address: '127.0.0.1:2299' });
await c.profiles.set({name:'copy', profile: { remotePath: '/tmp/smoke/out/{device.name}/{firmware.fileName}' } as never});
const fw = await c.firmware.addPath({ path: '/tmp/smoke/fw.bin', info: { version: '1' } });
const t=Date.now();
const { updateId } = await c.updates.push({ firmware: fw.sha256, selection: { all: true } });
for await (const f of await c.updates.watch({ updateId })) console.log(f.type, f.update.state, JSON.stringify(f.update.counts), f.devices.map(d=>`${d.deviceName} ${d.state} ${d.bytesSent} ${d.errorCode??''} ${d.message??''}`).join(' | '));
console.log(Date.now()-t,'ms');
console.log((await c.updates.get({updateId})).update);
console.log(await c.hosts.list({} as never));
} catch (e) { console.log(e) }
await app.close();
