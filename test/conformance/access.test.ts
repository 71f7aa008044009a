import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2, { type AuthContext, type KeyboardAuthContext, type Prompt } from 'ssh2';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openPrivateKey } from '../../src/main/credentials/index.ts';
import type { SshJob } from '../../src/main/delivery/index.ts';
import { ed25519PrivateKey } from '../../src/shared/openssh-key.ts';
import {
  cliJson,
  type Delivered,
  deliver,
  freePort,
  has,
  isRoot,
  keyLogin,
  makeFile,
  makeSshKey,
  push,
  registerBench,
  remotePathOf,
  runCli,
  type Sshd,
  type SshKey,
  setProfile,
  startDropbear,
  startSshAgent,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

type Login = SshJob['logins'][number];
type Server = Pick<Sshd, 'port' | 'user' | 'key'>;
const dir = temporaryDir();
const firmware = join(dir, 'fw.bin');
let runs = 0;

beforeAll(() => makeFile(firmware, 1_000));
beforeEach(() => {
  runs += 1;
});

const passwordOf = ({ user }: Pick<Sshd, 'user'>, password = user.password ?? ''): Login => ({
  credential: 'password',
  username: user.name,
  secret: { kind: 'password', password },
});
const agentOf = ({ user }: Pick<Sshd, 'user'>): Login => ({
  credential: 'agent',
  username: user.name,
  secret: { kind: 'agent' },
});
const keyOf = (server: Pick<Sshd, 'user'>, key: SshKey) => keyLogin({ user: server.user, key });
const newKey = (...options: string[]) =>
  makeSshKey(dir, `key-${runs}-${Math.random().toString(36).slice(2)}`, '', options.length > 0 ? options : undefined);

async function start(options: Parameters<typeof startSshd>[0] = {}): Promise<Sshd> {
  const sshd = await startSshd({ ...options, config: [...(options.config ?? []), 'LogLevel VERBOSE'] });
  onTestFinished(() => sshd.stop());
  return sshd;
}
async function startAgent(...keys: SshKey[]) {
  const agent = await startSshAgent();
  onTestFinished(() => agent.stop());
  for (const key of keys) agent.add(key);
  vi.stubEnv('SSH_AUTH_SOCK', agent.socket);
  onTestFinished(() => void vi.unstubAllEnvs());
  return agent;
}
const logIn = (server: Server, logins: Login[], options: Partial<SshJob> = {}): Promise<Delivered> =>
  deliver(server, firmware, join(server.user.home, `run-${runs}`, 'fw.bin'), { logins, ...options });
const succeeded = { errorCode: null, message: null };
/** How often a server was connected to, after the harness looked whether it listens. */
const connections = (sshd: Sshd) => sshd.log().split('Connection from').length - 2;

describe.runIf(has('sshd') && isRoot())('a login to a real sshd', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd({ config: ['LogLevel VERBOSE', 'UsePAM yes'] });
  });
  afterAll(() => sshd.stop());

  it.each([
    ['Ed25519, OpenSSH', ['-t', 'ed25519'], ''],
    ['Ed25519, OpenSSH, encrypted', ['-t', 'ed25519'], 'open sesame'],
    ['RSA, OpenSSH', ['-t', 'rsa', '-b', '2048'], ''],
    ['RSA, PKCS#1', ['-t', 'rsa', '-b', '2048', '-m', 'PEM'], ''],
    ['RSA, PKCS#1, encrypted', ['-t', 'rsa', '-b', '2048', '-m', 'PEM'], 'open sesame'],
    ['RSA, PKCS#8, encrypted', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8'], 'open sesame'],
    ['ECDSA P-256, SEC 1', ['-t', 'ecdsa', '-m', 'PEM'], ''],
    ['ECDSA P-384, PKCS#8', ['-t', 'ecdsa', '-b', '384', '-m', 'PKCS8'], ''],
    ['ECDSA P-521, OpenSSH, encrypted', ['-t', 'ecdsa', '-b', '521'], 'open sesame'],
  ])('takes a private key: %s', async (_, options, passphrase) => {
    const key = makeSshKey(dir, `form-${runs}`, passphrase, options);
    sshd.authorize(key);
    const opened = openPrivateKey({
      privateKey: readFileSync(key.file, 'utf8'),
      ...(passphrase !== '' && { passphrase }),
    });
    const secret = { kind: 'key', privateKey: opened.privateKey } as const;
    expect(await logIn(sshd, [{ ...keyLogin(sshd), secret }])).toMatchObject(succeeded);
    expect(sshd.log()).toContain(key.fingerprint);
  });

  it.each([[], ['-aes256', '-pass', 'pass:open sesame']])('takes an Ed25519 key of OpenSSL, %j', async (...locked) => {
    const pem = join(dir, `ed25519-${runs}.pem`);
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', pem, ...locked], { stdio: 'ignore' });
    const opened = openPrivateKey({ privateKey: readFileSync(pem, 'utf8'), passphrase: 'open sesame' });
    sshd.authorize({ publicKey: `ssh-ed25519 ${opened.publicKey.toString('base64')}\n` } as SshKey);
    const secret = { kind: 'key', privateKey: opened.privateKey } as const;
    expect(await logIn(sshd, [{ ...keyLogin(sshd), secret }])).toMatchObject(succeeded);
  });

  it('signs with an RSA key by SHA-2 only', async () => {
    const key = newKey('-t', 'rsa', '-b', '2048');
    for (const [algorithm, errorCode] of [
      ['rsa-sha2-256', null],
      ['ssh-rsa', 'AUTH_FAILED'],
    ]) {
      const strict = await start({ config: [`PubkeyAcceptedAlgorithms ${algorithm}`] });
      strict.authorize(key);
      expect([algorithm, (await logIn(strict, [keyOf(strict, key)])).errorCode]).toEqual([algorithm, errorCode]);
    }
  });

  it('takes a password', async () => {
    expect(await logIn(sshd, [passwordOf(sshd)])).toMatchObject(succeeded);
  });

  it('takes a password where the device asks for it interactively', async () => {
    const asking = await start({
      config: ['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes'],
    });
    expect(await logIn(asking, [passwordOf(asking)])).toMatchObject(succeeded);
    expect(asking.log()).toContain('Accepted keyboard-interactive/pam');
    const refused = await logIn(asking, [passwordOf(asking, 'guess')]);
    expect(refused.errorCode).toBe('AUTH_FAILED');
    expect(refused.message).toContain(`refused the password of ${asking.user.name}.`);
    expect(refused.message).not.toContain('guess');
  });

  it('tries several logins in their order, on one connection', async () => {
    const device = await start();
    const wrong = newKey();
    const logins = [keyOf(device, wrong), passwordOf(device, 'guess'), keyLogin(device)];
    expect(await logIn(device, logins)).toMatchObject(succeeded);
    expect(connections(device)).toBe(1);
    const refused = await logIn(device, [keyOf(device, wrong), passwordOf(device, 'guess')]);
    const { name } = device.user;
    expect(refused).toMatchObject({
      errorCode: 'AUTH_FAILED',
      message: expect.stringContaining(`refused key ${wrong.fingerprint} of ${name}, then the password of ${name}.`),
    });
  });

  it('changes the user on a new connection', async () => {
    const device = await start();
    const stranger: Login = { ...keyLogin(device), username: 'nobody-here' };
    expect(await logIn(device, [stranger, keyLogin(device)])).toMatchObject(succeeded);
    expect(connections(device)).toBe(2);
  });

  it('shows a device both that it wants both of', async () => {
    const device = await start({ config: ['AuthenticationMethods publickey,password'] });
    expect(await logIn(device, [passwordOf(device), keyLogin(device)])).toMatchObject(succeeded);
    await startAgent(device.key);
    expect(await logIn(device, [agentOf(device), passwordOf(device)])).toMatchObject(succeeded);
    const half = await logIn(device, [keyLogin(device)]);
    expect(half.message).toMatch(/took key SHA256:\S+ of \S+, but wants more\..* It takes password/);
  });

  it('never shows a password to a device that takes keys only', async () => {
    const device = await start({ config: ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'] });
    const refused = await logIn(device, [passwordOf(device)]);
    expect(refused.message).toMatch(/Not shown: the password of \S+\. It takes publickey\.$/);
    await startAgent(newKey());
    const afterAgent = await logIn(device, [agentOf(device), passwordOf(device)]);
    expect(afterAgent.message).toMatch(/refused the agent's key \S+ of \S+\. Not shown: the password of \S+\./);
    expect(device.log()).not.toContain('Failed password');
  });

  it('says which logins a device did not look at, which ends the connection after too many', async () => {
    const device = await start({ config: ['MaxAuthTries 2'] });
    const keys = [newKey(), newKey(), newKey()];
    const refused = await logIn(device, [...keys.map((key) => keyOf(device, key)), keyLogin(device)]);
    expect(refused.errorCode).toBe('AUTH_FAILED');
    expect(refused.message).toContain(keys[0]?.fingerprint);
    expect(refused.message).toContain(`Not shown: key ${keys[2]?.fingerprint}`);
    expect(connections(device)).toBe(1);
  });

  describe('by the SSH agent', () => {
    it('takes the key that the device knows', async () => {
      await startAgent(newKey(), newKey('-t', 'rsa', '-b', '2048'), sshd.key);
      expect(await logIn(sshd, [agentOf(sshd)])).toMatchObject(succeeded);
    });

    it('signs with an RSA key', async () => {
      const key = newKey('-t', 'rsa', '-b', '2048');
      sshd.authorize(key);
      await startAgent(key);
      expect(await logIn(sshd, [agentOf(sshd)])).toMatchObject(succeeded);
    });

    it('names the keys that the device refused', async () => {
      const [first, second] = [newKey(), newKey('-t', 'ecdsa')];
      await startAgent(first, second);
      const refused = await logIn(sshd, [agentOf(sshd)]);
      expect(refused.errorCode).toBe('AUTH_FAILED');
      expect(refused.message).toContain(first.fingerprint);
      expect(refused.message).toContain(second.fingerprint);
    });

    it('goes on with the next login when it is not there', async () => {
      vi.stubEnv('SSH_AUTH_SOCK', join(dir, 'nowhere'));
      onTestFinished(() => void vi.unstubAllEnvs());
      expect(await logIn(sshd, [agentOf(sshd), keyLogin(sshd)])).toMatchObject(succeeded);
    });
  });

  it.each([
    ['KexAlgorithms diffie-hellman-group14-sha1', 'key exchange', 'diffie-hellman-group14-sha1'],
    ['KexAlgorithms diffie-hellman-group1-sha1', 'key exchange', 'diffie-hellman-group1-sha1'],
    ['HostKeyAlgorithms ssh-rsa', 'type of host key', 'ssh-rsa'],
    ['Ciphers 3des-cbc', 'cipher', '3des-cbc'],
    ['Ciphers aes128-cbc', 'cipher', 'aes128-cbc'],
    ['MACs hmac-md5\nCiphers aes128-ctr', 'MAC', 'hmac-md5'],
    ['MACs hmac-sha1\nCiphers aes128-cbc', 'cipher', 'aes128-cbc'],
  ])('speaks old algorithms only where the profile allows it: %s', async (config, kind, algorithm) => {
    const old = await start({ hostKeyOptions: ['-t', 'rsa', '-b', '2048'], config: [config] });
    const refused = await logIn(old, [keyLogin(old)]);
    expect(refused).toMatchObject({
      errorCode: 'ALGORITHMS_REFUSED',
      message: expect.stringMatching(new RegExp(`no ${kind} that Pushrod takes: it offers only .*${algorithm}`)),
    });
    expect(await logIn(old, [keyLogin(old)], { legacyAlgorithms: true })).toMatchObject(succeeded);
  });

  it('takes nothing old of a device that speaks new', async () => {
    const device = await start({ config: ['LogLevel DEBUG1'] });
    expect(await logIn(device, [keyLogin(device)], { legacyAlgorithms: true })).toMatchObject(succeeded);
    expect(device.log()).toMatch(/kex: algorithm: curve25519-sha256/);
    expect(device.log()).toMatch(/cipher: aes128-gcm@openssh.com/);
  });
});

describe.runIf(has('dropbear', 'busybox') && isRoot())('a login to a real dropbear', () => {
  it('takes a key, of a file or of the agent, and says which were refused', async () => {
    const dropbear = await startDropbear();
    onTestFinished(() => dropbear.stop());
    expect(await logIn(dropbear, [keyLogin(dropbear)])).toMatchObject(succeeded);
    const wrong = newKey();
    await startAgent(wrong, dropbear.key);
    expect(await logIn(dropbear, [agentOf(dropbear)])).toMatchObject(succeeded);
    const refused = await logIn(dropbear, [keyOf(dropbear, wrong), passwordOf(dropbear, 'guess')]);
    expect(refused.errorCode).toBe('AUTH_FAILED');
    const shown = `refused key ${wrong.fingerprint} of ${dropbear.user.name}, then the password of`;
    expect(refused.message).toContain(shown);
  });
});

describe.runIf(has('sshd', 'dropbear', 'busybox') && isRoot())('a device behind a dropbear', () => {
  it('is reached through it', async () => {
    const [device, gateway] = [await start(), await startDropbear()];
    onTestFinished(() => gateway.stop());
    const via = [{ host: '127.0.0.1', port: gateway.port, logins: [keyLogin(gateway)], knownHostKeyTypes: [] }];
    expect(await logIn(device, [keyLogin(device)], { via })).toMatchObject(succeeded);
    const nowhere = await logIn({ ...device, port: await freePort() }, [keyLogin(device)], { via });
    expect(nowhere).toMatchObject({
      errorCode: 'UNREACHABLE',
      message: expect.stringContaining(`Jump host 127.0.0.1:${gateway.port} cannot reach`),
    });
  });
});

/** A server of our own that asks what no stock server here asks. */
describe('a login to a device that asks questions', () => {
  const user = { name: 'root', uid: 0, gid: 0, home: dir, password: 'correct horse', remove: () => undefined };
  const hostKey = ed25519PrivateKey(randomBytes(32));

  async function startAsking(ask: (context: AuthContext) => void): Promise<number> {
    const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
      connection.on('error', () => undefined);
      connection.on('authentication', ask);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return (server.address() as { port: number }).port;
  }
  const refusalBy = async (ask: (context: AuthContext) => void) => {
    const port = await startAsking(ask);
    const login: Login = { credential: 'p', username: 'root', secret: { kind: 'password', password: user.password } };
    const refused = await deliver({ port, user, key: {} as SshKey }, firmware, '/never', { logins: [login] });
    expect(refused.errorCode).toBe('AUTH_FAILED');
    return refused.message;
  };
  const answerTo = (ask: (context: KeyboardAuthContext) => void) =>
    refusalBy((context) => {
      if (context.method === 'keyboard-interactive') ask(context);
      else context.reject(['keyboard-interactive']);
    });

  it.each<[string, Prompt[], string]>([
    ['a code', [{ prompt: 'Verification code: ', echo: false }], '"Verification code"'],
    ['a passcode', [{ prompt: 'Enter PASSCODE:', echo: false }], '"Enter PASSCODE"'],
    ['what is shown as it is typed', [{ prompt: 'Password: ', echo: true }], '"Password"'],
    [
      'two things at once',
      [
        { prompt: 'Password: ', echo: false },
        { prompt: 'One-time code: ', echo: false },
      ],
      '"Password" and "One-time code"',
    ],
  ])('gives no secret away to %s', async (_, prompts, named) => {
    const given: string[][] = [];
    const message = await answerTo((context) =>
      context.prompt(prompts, (answers) => {
        given.push(answers);
        context.reject();
      }),
    );
    expect(message).toContain(`It asks for ${named}, which Pushrod cannot answer.`);
    expect(given).toEqual([prompts.map(() => '')]);
  });

  it('says that a password has expired, and sets no new one', async () => {
    const message = await refusalBy((context) => {
      if (context.method === 'password') context.requestChange('Choose a new password', () => context.accept());
      else context.reject(['password']);
    });
    expect(message).toContain('It wants a new password to be set first');
  });

  it('gives the password once, however often it is asked for', async () => {
    const given: string[][] = [];
    const ask = (context: KeyboardAuthContext) =>
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        given.push(answers);
        ask(context);
      });
    expect(await answerTo(ask)).toContain('refused the password of root.');
    expect(given.flat().filter((answer) => answer !== '')).toEqual([user.password]);
    expect(given.length).toBeLessThan(10);
  });
});

describe.runIf(has('sshd'))('host keys', () => {
  const ssh = (sshd: Sshd, knownHosts: string, ...options: string[]) =>
    execFileSync(
      'ssh',
      [
        ...['-F', 'none', '-i', sshd.key.file, '-p', String(sshd.port), '-o', `UserKnownHostsFile=${knownHosts}`],
        ...['-o', 'GlobalKnownHostsFile=none', ...options.flatMap((option) => ['-o', option])],
        ...[`${sshd.user.name}@127.0.0.1`, 'true'],
      ],
      { stdio: 'pipe' },
    );

  it('go from ssh to Pushrod and back', async () => {
    const sshd = await start();
    const bySsh = join(dir, 'by-ssh');
    ssh(sshd, bySsh, 'StrictHostKeyChecking=accept-new', 'HashKnownHosts=yes');
    const dataDir = join(dir, 'hosts');
    await registerBench(dataDir, sshd, ['gw']);
    const strict = ['--firmware', firmware, '--all', '--host-keys', 'strict'];
    expect((await push(dataDir, strict)).summary.devices[0]).toMatchObject({ errorCode: 'HOST_KEY_UNKNOWN' });

    expect(await cliJson(dataDir, ['hosts', 'import', bySsh])).toEqual({ added: 1, unchanged: 0 });
    expect((await push(dataDir, strict)).code).toBe(0);
    const byPushrod = join(dir, 'by-pushrod');
    expect(await cliJson(dataDir, ['hosts', 'export', byPushrod])).toEqual({ exported: 1 });
    ssh(sshd, byPushrod, 'StrictHostKeyChecking=yes');

    await cliJson(dataDir, ['hosts', 'forget', 'gw']);
    await cliJson(dataDir, ['hosts', 'trust', 'gw', '--scan']);
    const { stdout } = await runCli(dataDir, ['hosts', 'export', '-']);
    writeFileSync(byPushrod, stdout);
    ssh(sshd, byPushrod, 'StrictHostKeyChecking=yes');

    const revoked = stdout.replace(/^/, '@revoked ');
    expect(await cliJson(dataDir, ['hosts', 'import', '-'], revoked)).toEqual({ added: 1, unchanged: 0 });
    const failed = (await push(dataDir, ['--firmware', firmware, '--all'])).summary.devices[0];
    expect(failed).toMatchObject({ errorCode: 'HOST_KEY_REVOKED', attempts: 1 });
  });

  it('are refused by the line, where a file of them has bad ones', async () => {
    const { code, stdout } = await runCli(
      join(dir, 'bad-hosts'),
      ['hosts', 'import', '-', '--json'],
      'plc\n# fine\nplc x y',
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INVALID_INPUT', details: [{ line: 1 }, { line: 3 }] } });
  });
});

describe.runIf(has('sshd'))('a push from the terminal through a jump host', () => {
  it('takes its own credential there, and trusts each host by itself', async () => {
    const [gateway, device] = [await start(), await start()];
    const dataDir = join(dir, 'jump');
    await registerBench(dataDir, device, ['gw']);
    const { user, key } = gateway;
    await cliJson(dataDir, ['credentials', 'add', 'gate', '--username', user.name, '--key', key.file]);
    const stranger = newKey();
    await cliJson(dataDir, ['credentials', 'add', 'old', '--username', device.user.name, '--key', stranger.file]);
    const jumpHost = { host: '127.0.0.1', port: gateway.port, credential: 'gate' };
    const remotePath = remotePathOf(device);
    await setProfile(dataDir, 'bench', { credential: ['old', 'bench'], jumpHost, remotePath });
    const strict = ['--firmware', firmware, '--all', '--host-keys', 'strict'];
    const firstFailure = async () => (await push(dataDir, strict)).summary.devices[0];

    const trust = (fingerprint: string) =>
      cliJson<{ host: string }>(dataDir, ['hosts', 'trust', 'gw', '--fingerprint', fingerprint]);
    expect((await firstFailure())?.message).toContain(`127.0.0.1]:${gateway.port} is not known yet`);
    expect(await trust(gateway.hostKey.fingerprint)).toMatchObject({ host: `[127.0.0.1]:${gateway.port}` });
    expect((await firstFailure())?.message).toContain(`127.0.0.1]:${device.port} is not known yet`);
    expect(await trust(device.hostKey.fingerprint)).toMatchObject({ host: `[127.0.0.1]:${device.port}` });
    expect((await push(dataDir, strict)).code).toBe(0);

    await gateway.restartWithNewHostKey();
    const scan = await runCli(dataDir, ['hosts', 'trust', 'gw', '--scan', '--json']);
    expect(JSON.parse(scan.stdout)).toMatchObject({ error: { code: 'HOST_KEY_CHANGED' } });
    expect(await firstFailure()).toMatchObject({ errorCode: 'HOST_KEY_CHANGED' });
  });

  it('logs in by the agent of the terminal', async () => {
    const device = await start();
    const dataDir = join(dir, 'agent');
    await registerBench(dataDir, device, ['gw']);
    await startAgent(newKey(), device.key);
    const added = await cliJson(dataDir, ['credentials', 'add', 'mine', '--username', device.user.name, '--agent']);
    expect(added).toMatchObject({ kind: 'agent', fingerprint: null });
    await setProfile(dataDir, 'bench', { credential: 'mine', remotePath: remotePathOf(device) });
    expect((await push(dataDir, ['--firmware', firmware, '--all'])).code).toBe(0);
  });
});
