import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import { afterEach, expect, it } from 'vitest';
import { benchCsv, installsFile, type Simulator, startSimulator } from './index.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await opened.close();
});

async function start(devices: number, seed?: number): Promise<Simulator> {
  const simulator = await startSimulator({ devices, ...(seed === undefined ? {} : { seed }) });
  open.push(simulator);
  return simulator;
}

async function connect(simulator: Simulator, config: ConnectConfig = {}, index = 0): Promise<Client> {
  const [host, port] = simulator.devices[index]?.address.split(':') ?? [];
  const client = new Client();
  open.push({ close: () => client.end() });
  const ready = once(client, 'ready');
  client.connect({ host, port: Number(port), ...simulator.credential, ...config });
  await ready;
  return client;
}

function exec(
  client: Client,
  command: string,
  input = '',
): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      let status = -1;
      let stdout = '';
      let stderr = '';
      channel.on('exit', (code: number) => {
        status = code;
      });
      channel.on('data', (chunk: Buffer) => {
        stdout += chunk;
      });
      channel.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk;
      });
      channel.on('close', () => resolve({ status, stdout, stderr }));
      channel.end(input);
    });
  });
}

const sftpOf = (client: Client) =>
  new Promise<SFTPWrapper>((resolve, reject) => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));
const done = (start: (end: (error?: Error | null) => void) => void) =>
  new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())));

it('is the same bench for the same seed, host keys and all', async () => {
  const fingerprints: string[] = [];
  const [one, two, other] = [await start(5, 7), await start(5, 7), await start(5, 8)];
  for (const simulator of [one, two, other]) {
    await connect(simulator, {
      hostVerifier: (key: Buffer) => fingerprints.push(createHash('sha256').update(key).digest('hex')) > 0,
    });
  }
  const identities = ({ devices }: Simulator) => devices.map(({ address, ...identity }) => identity);
  expect(identities(one)).toEqual(identities(two));
  expect(identities(one)).not.toEqual(identities(other));
  expect(new Set(one.devices.map(({ name }) => name)).size).toBe(5);
  expect(fingerprints[0]).toBe(fingerprints[1]);
  expect(fingerprints[0]).not.toBe(fingerprints[2]);
});

it('takes a file over SFTP and hashes it', async () => {
  const simulator = await start(1);
  const client = await connect(simulator);
  const sftp = await sftpOf(client);
  const bytes = Buffer.alloc(3 * 1024 * 1024, 'firmware');
  const root = simulator.rootOf(simulator.devices[0]?.name ?? '');
  writeFileSync(join(root, 'local'), bytes);
  await done((end) => sftp.mkdir('/srv', end));
  await done((end) => sftp.fastPut(join(root, 'local'), "/srv/it's.part", end));
  const { stdout } = await exec(client, `sha256sum -- '/srv/it'\\''s.part'`);
  expect(stdout.slice(0, 64)).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect((await exec(client, `sha256sum < '/srv/it'\\''s.part'`)).stdout).toBe(`${stdout.slice(0, 64)}  -\n`);
  writeFileSync(join(root, 'srv', 'fw'), 'old');
  await expect(done((end) => sftp.rename("/srv/it's.part", '/srv/fw', end))).rejects.toThrowError();
  expect(await exec(client, `mv -f -- '/srv/it'\\''s.part' '/srv/fw'`)).toMatchObject({ status: 0 });
  expect(readdirSync(join(root, 'srv'))).toEqual(['fw']);
  expect(readFileSync(join(root, 'srv', 'fw')).equals(bytes)).toBe(true);
});

it('keeps clients inside the device', async () => {
  const simulator = await start(1);
  const client = await connect(simulator);
  const sftp = await sftpOf(client);
  const root = simulator.rootOf(simulator.devices[0]?.name ?? '');
  symlinkSync('/etc', join(root, 'way-out'));
  await expect(done((end) => sftp.stat('/../../../etc/passwd', end))).rejects.toThrowError();
  await expect(done((end) => sftp.stat('/way-out/passwd', end))).rejects.toThrowError(/ermission/);
  expect(await exec(client, 'cat /way-out/passwd')).toMatchObject({ status: 1, stdout: '' });
});

it.each([
  ['echo "a \\"b\\"" \'c d\' e\\ f', 0, 'a "b" c d e f\n', ''],
  ['sysupgrade /tmp/x', 127, '', 'sh: sysupgrade: not found\n'],
  ['constructor', 127, '', 'sh: constructor: not found\n'],
  ['openssl dgst < x || echo a || echo b', 0, 'a\n', 'sh: openssl: not found\n'],
  ['echo a || ', 0, 'a\n', ''],
  ['echo a && echo b || echo c', 0, 'a\nb\n', ''],
  ['false && echo b || echo c', 0, 'c\n', ''],
  ['false && echo b', 1, '', ''],
  ['echo a > || echo b', 1, '', 'sh: syntax error: a file name is missing\n'],
  ['echo a; rm -f x', 1, '', 'sh: syntax error near ";"\n'],
  ['false', 1, '', ''],
  ["activate '/tmp/fw 1'", 0, 'activated /tmp/fw 1\n', ''],
])('answers %s', async (command, status, stdout, stderr) => {
  expect(await exec(await connect(await start(1)), command)).toEqual({ status, stdout, stderr });
});

it('takes bytes through cat and gives them back', async () => {
  const client = await connect(await start(1));
  expect(await exec(client, "cat > 'f'", 'some bytes')).toMatchObject({ status: 0 });
  expect(await exec(client, 'cat f')).toMatchObject({ stdout: 'some bytes' });
});

it('reports what it installed, and keeps a line for each time', async () => {
  const simulator = await start(1);
  const [device = expect.fail('no device')] = simulator.devices;
  const client = await connect(simulator);
  expect(await exec(client, 'firmware-version')).toMatchObject({ stdout: `${device.firmwareVersion}\n` });
  expect(await exec(client, 'firmware-install f 9.0')).toMatchObject({ status: 1 });
  await exec(client, 'cat > f', 'some bytes');
  for (const version of ['9.0', '9.1']) {
    expect(await exec(client, `firmware-install f ${version}`)).toMatchObject({ status: 0 });
    expect(await exec(client, 'firmware-version')).toMatchObject({ stdout: `${version}\n` });
  }
  const sha256 = createHash('sha256').update('some bytes').digest('hex');
  expect(readFileSync(join(simulator.rootOf(device.name), installsFile), 'utf8')).toBe(`${sha256}\n`.repeat(2));
});

it('lets nobody in with another password', async () => {
  await expect(connect(await start(1), { password: 'guess' })).rejects.toThrowError(/authentication/);
});

it('leaves nothing behind', async () => {
  const simulator = await startSimulator({ devices: 2 });
  const roots = simulator.devices.map(({ name }) => simulator.rootOf(name));
  await simulator.close();
  expect(roots.map((root) => existsSync(root))).toEqual([false, false]);
});

it('writes itself as a list for the import', async () => {
  const simulator = await start(2);
  const [header, first] = benchCsv(simulator).split('\n');
  expect(header).toBe('name,address,firmware_version,location,model,profile');
  expect(first?.startsWith(`gateway-01,${simulator.devices[0]?.address},`)).toBe(true);
});
