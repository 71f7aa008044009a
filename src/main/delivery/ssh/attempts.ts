import ssh2, { type AnyAuthMethod } from 'ssh2';
import { PushrodError } from '../../../shared/errors.ts';
import type { Login } from '../../credentials/index.ts';
import { fingerprintOf } from '../../hosts/index.ts';
import { agentKeys } from './agent.ts';
import { answerWith } from './prompts.ts';
import type { Talk } from './talk.ts';

/** One thing to show a host, so that it lets us in. */
export interface Attempt {
  username: string;
  /** What a message calls it. */
  says: string;
  /** The method by the name the host knows (RFC 4252). */
  method: 'publickey' | 'password' | 'keyboard-interactive';
  /** `giveUp` ends the connection, where a host asks without end. */
  auth(giveUp: () => void): AnyAuthMethod;
}

/**
 * What the logins have to show, in their order. One that has nothing now, as an agent without keys, is noted and passed
 * over while there are others.
 * @throws PushrodError `AUTH_FAILED` when there is nothing to show
 */
export async function attemptsOf(logins: readonly Login[], talk: Talk, timeoutMs: number): Promise<Attempt[]> {
  const found: Attempt[] = [];
  let failure: PushrodError | undefined;
  for (const login of logins) {
    try {
      found.push(...(await attemptsWith(login, talk, timeoutMs)));
    } catch (thrown) {
      if (!(thrown instanceof PushrodError)) throw thrown;
      failure ??= thrown;
      talk.note(thrown.message);
    }
  }
  if (found.length === 0 && failure) throw failure;
  return found;
}

async function attemptsWith(
  { credential, username, secret }: Login,
  talk: Talk,
  timeoutMs: number,
): Promise<Attempt[]> {
  const named = `of ${username}`;
  switch (secret.kind) {
    case 'password': {
      const { password } = secret;
      const attempt = { username, says: `the password ${named}` };
      return [
        { ...attempt, method: 'password', auth: () => ({ type: 'password', username, password }) },
        {
          ...attempt,
          method: 'keyboard-interactive',
          auth: (giveUp) => ({
            ...{ type: 'keyboard-interactive', username },
            prompt: answerWith(password, talk.note, giveUp),
          }),
        },
      ];
    }
    case 'key': {
      const key = ssh2.utils.parseKey(secret.privateKey, secret.passphrase);
      if (key instanceof Error) {
        const message = `The private key of the credential "${credential}" cannot be used: ${key.message}.`;
        throw new PushrodError('AUTH_FAILED', message);
      }
      const says = `key ${fingerprintOf(key.getPublicSSH())} ${named}`;
      return [{ username, says, method: 'publickey', auth: () => ({ type: 'publickey', username, key }) }];
    }
    case 'agent':
      return (await agentKeys(timeoutMs)).map(({ publicKey, agent }) => ({
        username,
        says: `the agent's key ${fingerprintOf(publicKey)} ${named}`,
        method: 'publickey',
        auth: () => ({ type: 'agent', username, agent }),
      }));
  }
}
