import ssh2, { BaseAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { PushrodError } from '../../../shared/errors.ts';

/** One key of an SSH agent, which signs with it and never gives it out. */
export interface AgentKey {
  /** The public half (RFC 4253 6.6). */
  publicKey: Buffer;
  /** An agent that holds this key alone, so that each key is a try of its own. */
  agent: BaseAgent;
}

/** Where OpenSSH for Windows listens when nothing else is said. */
const windowsPipe = '\\\\.\\pipe\\openssh-ssh-agent';

/**
 * The keys of the SSH agent beside Pushrod (`SSH_AUTH_SOCK`; on Windows also `pageant`), in its order.
 * @throws PushrodError `AUTH_FAILED` when there is none, or it holds no key
 */
export async function agentKeys(timeoutMs: number): Promise<AgentKey[]> {
  const { SSH_AUTH_SOCK: socket = process.platform === 'win32' ? windowsPipe : '' } = process.env;
  if (socket === '') {
    throw unusable('there is no SSH agent: SSH_AUTH_SOCK was not set when Pushrod was started');
  }
  const agent = ssh2.createAgent(socket);
  const keys = await identities(agent, socket, timeoutMs);
  if (keys.length === 0) throw unusable(`the SSH agent at ${socket} holds no key: add one with ssh-add`);
  return keys.map((key) => ({ publicKey: key.getPublicSSH(), agent: onlyOf(agent, key) }));
}

function identities(agent: BaseAgent, socket: string, timeoutMs: number): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    const silent = () => reject(unusable(`the SSH agent at ${socket} did not answer within ${timeoutMs / 1000} s`));
    const timer = setTimeout(silent, timeoutMs);
    agent.getIdentities((error, keys = []) => {
      clearTimeout(timer);
      if (error) return reject(unusable(`the SSH agent at ${socket} cannot be asked (${error.message})`));
      const parsed = keys.flatMap((key) => ssh2.utils.parseKey(key as Buffer));
      resolve(parsed.filter((key): key is ParsedKey => !(key instanceof Error)));
    });
  });
}

function onlyOf(agent: BaseAgent, key: ParsedKey): BaseAgent {
  return new (class extends BaseAgent<ParsedKey> {
    getIdentities(done: (error: undefined, keys: ParsedKey[]) => void) {
      done(undefined, [key]);
    }
    sign(...args: [ParsedKey, Buffer, SigningRequestOptions | SignCallback, SignCallback?]) {
      agent.sign(...(args as [ParsedKey, Buffer, SigningRequestOptions, SignCallback]));
    }
  })();
}

function unusable(why: string): PushrodError {
  return new PushrodError('AUTH_FAILED', `No login by agent: ${why}.`);
}
