import { existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SshHost, SshJob } from '../../src/main/delivery/index.ts';
import { createKnownHosts, type KnownHosts } from '../../src/main/hosts/index.ts';
import { isRetryable } from '../../src/shared/errors.ts';
import {
  type Delivered,
  deliver,
  freePort,
  has,
  holdConnection,
  isRoot,
  keyLogin,
  makeFile,
  makeSshKey,
  type Sshd,
  sha256OfFile,
  startBadLink,
  startSshAgent,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

type Login = SshJob['logins'][number];
type Options = NonNullable<Parameters<typeof deliver>[3]>;

describe.runIf(has('sshd') && isRoot())('getting in', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw.bin');
  let device: Sshd;
  let path: string;
  let runs = 0;

  beforeAll(async () => {
    device = await startSshd({ config: ['LogLevel VERBOSE'] });
    makeFile(firmware, 100_000);
  });
  afterAll(() => device.stop());
  beforeEach(() => {
    runs += 1;
    path = join(device.user.home, `run-${runs}`, 'fw.bin');
  });

  async function start(...config: string[]): Promise<Sshd> {
    const sshd = await startSshd({ config: [...config, 'LogLevel VERBOSE'] });
    onTestFinished(() => sshd.stop());
    return sshd;
  }
  const put = (to: Sshd, options: Options = {}) =>
    deliver(to, firmware, join(to.user.home, `run-${runs}`, 'fw.bin'), options);
  const agentOf = ({ user }: Sshd): Login => ({ credential: 'agent', username: user.name, secret: { kind: 'agent' } });
  const hop = (sshd: Sshd, port = sshd.port): SshHost => ({
    ...{ host: '127.0.0.1', port, knownHostKeyTypes: [] },
    logins: [keyLogin(sshd)],
  });
  function expectFailure(delivered: Delivered, errorCode: string, said: string | RegExp): void {
    expect(delivered).toMatchObject({ errorCode, message: expect.stringMatching(said), bytesSent: 0 });
    expect(existsSync(path)).toBe(false);
  }

  describe('fails for a login', () => {
    it('whose password is wrong', async () => {
      const secret = { kind: 'password', password: 'guess' } as const;
      const logins = [{ credential: 'p', username: device.user.name, secret }];
      const refused = await put(device, { logins });
      expectFailure(refused, 'AUTH_FAILED', 'refused the password of');
      expect(refused.message).not.toContain('guess');
    });

    it('whose key the device does not know', async () => {
      const key = makeSshKey(dir, 'stranger');
      expectFailure(
        await put(device, { logins: [keyLogin({ user: device.user, key })] }),
        'AUTH_FAILED',
        /refused key SHA256:/,
      );
    });

    it.each([
      ['is not there', '', 'SSH_AUTH_SOCK was not set'],
      ['is gone', join(dir, 'gone'), 'cannot be asked'],
    ])('whose agent %s, without asking the device', async (_, socket, said) => {
      vi.stubEnv('SSH_AUTH_SOCK', socket);
      onTestFinished(() => void vi.unstubAllEnvs());
      expectFailure(
        await put({ ...device, port: await freePort() }, { logins: [agentOf(device)] }),
        'AUTH_FAILED',
        said,
      );
    });

    it('whose agent holds no key, or dies', async () => {
      const agent = await startSshAgent();
      onTestFinished(() => agent.stop());
      vi.stubEnv('SSH_AUTH_SOCK', agent.socket);
      onTestFinished(() => void vi.unstubAllEnvs());
      expectFailure(await put(device, { logins: [agentOf(device)] }), 'AUTH_FAILED', 'holds no key');
      agent.add(device.key);
      const decideHostKey = async () => {
        await agent.stop();
        return { trusted: true } as const;
      };
      expectFailure(
        await put(device, { logins: [agentOf(device)], decideHostKey }),
        'AUTH_FAILED',
        'The SSH agent did not sign',
      );
    });

    it('whose agent says nothing', async () => {
      const socket = join(dir, 'silent');
      const server = createServer().listen(socket);
      onTestFinished(() => void server.close());
      vi.stubEnv('SSH_AUTH_SOCK', socket);
      onTestFinished(() => void vi.unstubAllEnvs());
      const timeouts = { connectMs: 300 };
      expectFailure(
        await put(device, { logins: [agentOf(device)], timeouts }),
        'AUTH_FAILED',
        'did not answer within 0.3 s',
      );
    });
  });

  describe('stops before any login', () => {
    let known: KnownHosts;
    beforeEach(() => {
      known = createKnownHosts(join(dir, `known-${runs}`));
    });
    const under = (policy: Parameters<KnownHosts['decide']>[3]): Options => ({
      decideHostKey: async ({ host, port }, key) => known.decide(host, port, key, policy),
    });
    /** A login shows in the log as a try of a user. */
    const hasSeenUser = (sshd: Sshd) => / user |Accepted|Failed|preauth\] .*publickey/.test(sshd.log());
    const keyFrom = async (sshd: Sshd) => {
      let shown: Buffer | undefined;
      const decideHostKey: Options['decideHostKey'] = async (_, key) => {
        shown = key;
        return known.decide('elsewhere', 22, key, 'strict');
      };
      await put(sshd, { decideHostKey });
      return shown ?? expect.fail('no host key');
    };

    it.each(['ask', 'strict'] as const)('where the host key is unknown, under %s', async (policy) => {
      const other = await start();
      expectFailure(
        await put(other, under(policy)),
        'HOST_KEY_UNKNOWN',
        other.hostKey.fingerprint.replaceAll('+', '\\+'),
      );
      expect(hasSeenUser(other)).toBe(false);
      expect(await put(other, under('accept-new'))).toMatchObject({ errorCode: null });
      expect(hasSeenUser(other)).toBe(true);
    });

    it.each(['accept-new', 'ask', 'strict'] as const)('where the host key changed, under %s', async (policy) => {
      const other = await start();
      known.trust('127.0.0.1', other.port, await keyFrom(device));
      expectFailure(
        await put(other, under(policy)),
        'HOST_KEY_CHANGED',
        device.hostKey.fingerprint.replaceAll('+', '\\+'),
      );
      expect(hasSeenUser(other)).toBe(false);
    });

    it('where the host key is revoked', async () => {
      const other = await start();
      const key = (await keyFrom(other)).toString('base64');
      known.import(`@revoked * ssh-ed25519 ${key}\n`);
      expectFailure(await put(other, under('accept-new')), 'HOST_KEY_REVOKED', 'this key was revoked');
      expect(hasSeenUser(other)).toBe(false);
    });

    it('where the key of a jump host changed, which the device never hears of', async () => {
      const [gateway, behind] = [await start(), await start()];
      known.trust('127.0.0.1', gateway.port, await keyFrom(device));
      const delivered = await put(behind, { ...under('accept-new'), via: [hop(gateway)] });
      expectFailure(delivered, 'HOST_KEY_CHANGED', `\\[127.0.0.1\\]:${gateway.port}`);
      expect(hasSeenUser(gateway)).toBe(false);
      // The one connection is that of the harness, which looked whether it listens.
      expect(behind.log().split('Connection from')).toHaveLength(2);
    });
  });

  describe('a device that lets in few at a time', () => {
    it('turns away what comes above MaxStartups, for now', async () => {
      const busy = await start('MaxStartups 1:100:1', 'LoginGraceTime 60');
      const waiting = await holdConnection(busy.port);
      onTestFinished(() => void waiting.destroy());
      const refused = await put(busy);
      expectFailure(refused, 'CONNECTION_LOST', /MaxStartups/);
      expect(isRetryable('CONNECTION_LOST')).toBe(true);
      waiting.destroy();
      await vi.waitFor(async () => expect(await put(busy)).toMatchObject({ errorCode: null }), {
        timeout: 30_000,
        interval: 100,
      });
    });

    it('runs one session at a time (MaxSessions 1), and gets its firmware verified and activated all the same', async () => {
      const single = await start('MaxSessions 1');
      const activated = join(single.user.home, 'activated');
      const final = join(single.user.home, `run-${runs}`, 'fw.bin');
      const commands = { verify: `test -s ${final}`, activate: `sha256sum ${final} > ${activated}` };
      expect(await put(single, { commands })).toMatchObject({
        ...{ errorCode: null, message: null },
        transfer: { method: 'sftp' },
        steps: ['connecting', 'preflight', 'transferring', 'verifying', 'activating'],
      });
      expect(await sha256OfFile(final)).toBe(await sha256OfFile(firmware));
      expect(existsSync(activated)).toBe(true);
    });
  });

  it('goes on with an interrupted transfer on a device with one session at a time', async () => {
    const single = await start('MaxSessions 1');
    const big = join(dir, 'big.bin');
    makeFile(big, 8 * mib);
    const link = await startBadLink(single.port, 'cut', 5 * mib);
    onTestFinished(() => link.close());
    const final = join(single.user.home, 'fw.bin');
    expect(await deliver(single, big, final, { port: link.port })).toMatchObject({ errorCode: 'CONNECTION_LOST' });
    const delivered = await deliver(single, big, final);
    expect(delivered).toMatchObject({ errorCode: null, message: null });
    expect(delivered.transfer?.resumedFrom).toBeGreaterThan(mib);
    expect(await sha256OfFile(final)).toBe(await sha256OfFile(big));
  });

  describe('a device that falls silent', () => {
    const timeouts = { connectMs: 700, keepaliveMs: 100 };

    it.each([
      ['before its banner', 0, 'say that it speaks SSH'],
      ['as keys are exchanged', 30, 'exchange keys'],
      ['as it is logged in to', 1_500, 'answer the login'],
    ])('%s is given up after the connect timeout', async (_, afterBytes, doing) => {
      const link = await startBadLink(device.port, 'freeze', afterBytes);
      onTestFinished(() => link.close());
      expectFailure(await put(device, { port: link.port, timeouts }), 'TIMEOUT', `took over 0.7 s to ${doing}`);
    });

    it('while a command runs is found out long before the command times out', async () => {
      const link = await startBadLink(device.port, 'freeze', Number.POSITIVE_INFINITY);
      onTestFinished(() => link.close());
      const started = join(device.user.home, `started-${runs}`);
      const running = put(device, {
        port: link.port,
        timeouts: { keepaliveMs: 200, commandMs: 600_000 },
        commands: { activate: `touch ${started}; sleep 600` },
      });
      await vi.waitFor(() => expect(existsSync(started)).toBe(true), { timeout: 30_000, interval: 20 });
      link.freeze();
      expect(await running).toMatchObject({
        errorCode: 'TIMEOUT',
        message: expect.stringContaining('no sign of life'),
      });
    });

    it('for longer than that in a command that says nothing is left alone', async () => {
      const delivered = await put(device, { timeouts: { keepaliveMs: 100 }, commands: { activate: 'sleep 2' } });
      expect(delivered).toMatchObject({ errorCode: null, message: null });
    });
  });

  describe('through jump hosts', () => {
    let gateway: Sshd;
    beforeAll(async () => {
      gateway = await startSshd({ config: ['LogLevel VERBOSE'] });
    });
    afterAll(() => gateway.stop());

    it('reaches a device, by one and by two of them, each with its own login', async () => {
      expect(await put(device, { via: [hop(gateway)] })).toMatchObject({ errorCode: null, message: null });
      const second = await start();
      const asked: number[] = [];
      const decideHostKey: Options['decideHostKey'] = async ({ port }) => {
        asked.push(port);
        return { trusted: true };
      };
      const delivered = await put(device, { via: [hop(gateway), hop(second)], decideHostKey });
      expect(delivered).toMatchObject({ errorCode: null, message: null });
      expect(asked).toEqual([gateway.port, second.port, device.port]);
      expect(await sha256OfFile(path)).toBe(await sha256OfFile(firmware));
    });

    it('leaves no connection open', async () => {
      const link = await startBadLink(gateway.port, 'freeze', Number.POSITIVE_INFINITY);
      onTestFinished(() => link.close());
      const via = [hop(gateway, link.port)];
      expect(await put(device, { via })).toMatchObject({ errorCode: null });
      const stranger = keyLogin({ user: device.user, key: makeSshKey(dir, `stranger-${runs}`) });
      expect(await put(device, { via, logins: [stranger] })).toMatchObject({ errorCode: 'AUTH_FAILED' });
      expect(await put(device, { via, port: await freePort() })).toMatchObject({ errorCode: 'UNREACHABLE' });
      await vi.waitFor(() => expect(link.open()).toBe(0));
    });

    it('names the one that is down', async () => {
      const port = await freePort();
      const delivered = await put(device, { via: [hop(gateway), hop(gateway, port)] });
      expectFailure(delivered, 'UNREACHABLE', `Jump host 127.0.0.1:${gateway.port} cannot reach 127.0.0.1:${port}`);
      expectFailure(
        await put(device, { via: [hop(gateway, port)] }),
        'UNREACHABLE',
        `Jump host 127.0.0.1:${port} cannot be`,
      );
    });

    it('names the one that refuses the login', async () => {
      const logins = [keyLogin({ user: gateway.user, key: makeSshKey(dir, 'not-known-there') })];
      const delivered = await put(device, { via: [{ ...hop(gateway), logins }] });
      expectFailure(delivered, 'AUTH_FAILED', `Jump host 127.0.0.1:${gateway.port} refused key SHA256`);
    });

    it('names the one that forwards nothing', async () => {
      const closed = await start('AllowTcpForwarding no');
      const delivered = await put(device, { via: [hop(closed)] });
      expectFailure(delivered, 'FORWARDING_REFUSED', `Jump host 127.0.0.1:${closed.port} does not forward to`);
    });

    it('names the one that goes down under way', async () => {
      const dying = await start();
      const started = join(device.user.home, `started-${runs}`);
      const activate = `touch ${started}; sleep 600`;
      const running = put(device, { via: [hop(dying)], commands: { activate } });
      await vi.waitFor(() => expect(existsSync(started)).toBe(true), { timeout: 30_000, interval: 20 });
      await dying.kill();
      expect(await running).toMatchObject({
        errorCode: 'CONNECTION_LOST',
        message: expect.stringContaining('Jump host'),
      });
    });

    it('names the one that falls silent under way', async () => {
      const link = await startBadLink(gateway.port, 'freeze', Number.POSITIVE_INFINITY);
      onTestFinished(() => link.close());
      const started = join(device.user.home, `started-${runs}`);
      const running = put(device, {
        via: [hop(gateway, link.port)],
        commands: { activate: `touch ${started}; sleep 600` },
        timeouts: { keepaliveMs: 300, commandMs: 600_000 },
      });
      await vi.waitFor(() => expect(existsSync(started)).toBe(true), { timeout: 30_000, interval: 20 });
      link.freeze();
      expect(await running).toMatchObject({
        errorCode: 'TIMEOUT',
        message: expect.stringContaining('no sign of life'),
      });
    });

    it('ends soon when it is cancelled, on whichever host it waits', async () => {
      for (const via of [[hop(gateway, await silentPort())], [hop(gateway), hop(gateway, await silentPort())]]) {
        const abort = new AbortController();
        const delivered = put(device, { via, signal: abort.signal, timeouts: { connectMs: 60_000 } });
        setTimeout(() => abort.abort(), 300);
        expect(await delivered).toMatchObject({ errorCode: 'CANCELLED' });
      }
    });
  });
});

/** A port that takes connections and never answers. */
async function silentPort(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
}
