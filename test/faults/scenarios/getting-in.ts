import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createKnownHosts } from '../../../src/main/hosts/index.ts';
import { holdConnection, keyLogin, makeCertificate, makeSshKey, startNginx } from '../../harness/index.ts';
import { type Bench, type Scenario, sshdInstead } from './scenario.ts';

/** Decides as the host keys of a push do that knows the device by another key. */
function knownByAnotherKey({ dir, sshd: { port } }: Bench) {
  const known = createKnownHosts(join(mkdtempSync(join(dir, 'known-')), 'known_hosts'));
  const [, key = ''] = makeSshKey(mkdtempSync(join(dir, 'key-')), 'former').publicKey.split(' ');
  known.trust('127.0.0.1', port, Buffer.from(key, 'base64'));
  return async (at: { host: string; port: number }, shown: Buffer) =>
    known.decide(at.host, at.port, shown, 'accept-new');
}

export const gettingIn = {
  'a wrong password': async ({ transport }, { sshd: { user } }) => {
    const secret = { kind: 'password', password: 'guess' } as const;
    const login = { credential: 'guessed', username: user.name, secret };
    if (transport !== 'http') return { ssh: { logins: [login] } };
    const nginx = await startNginx({ basic: { username: user.name, password: 'sesame' } });
    onTestFinished(() => nginx.stop());
    return { port: nginx.port, http: { http: { auth: 'basic' }, login } };
  },
  'a key that is refused': (_, { dir, sshd: { user } }) => {
    const key = makeSshKey(mkdtempSync(join(dir, 'key-')), 'stranger');
    return { ssh: { logins: [keyLogin({ user, key })] } };
  },
  'another host key or certificate': async ({ transport }, bench) => {
    if (transport !== 'http') return { ssh: { decideHostKey: knownByAnotherKey(bench) } };
    const nginx = await startNginx({ tls: true });
    onTestFinished(() => nginx.stop());
    const { fingerprint: pin } = makeCertificate(bench.dir, 'former');
    return { port: nginx.port, http: { http: { tls: { pin } } } };
  },
  'another host key after the reboot': (_, bench) => {
    const decide = knownByAnotherKey(bench);
    let connections = 0;
    return {
      confirmation: { version: '2.0', rebootExpected: false, timeoutMs: 60_000 },
      ssh: {
        decideHostKey: async (at, key) => {
          connections += 1;
          return connections === 1 ? { trusted: true } : decide(at, key);
        },
      },
    };
  },
  'one session at a time (MaxSessions 1)': async (device, bench) => ({
    instead: await sshdInstead(device, bench, { config: ['MaxSessions 1'] }),
  }),
  'too many logins at once (MaxStartups)': async (device, bench) => {
    const instead = await sshdInstead(device, bench, { config: ['MaxStartups 1:100:1', 'LoginGraceTime 60'] });
    const held = await holdConnection(instead.port);
    onTestFinished(() => void held.destroy());
    return { instead };
  },
} satisfies Record<string, Scenario>;
