import { readFileSync, statSync } from 'node:fs';
import type { DeliveryObserver, DeliveryStep, SshJob, Transfer } from '../../src/main/delivery/index.ts';
import { deliverOverSsh } from '../../src/main/delivery/ssh/index.ts';
import { profile, type Sha256 } from '../../src/shared/model/index.ts';
import { sha256OfFile } from './files.ts';
import type { Sshd } from './sshd.ts';

/** What an observer of one delivery heard. */
export interface Delivered {
  steps: DeliveryStep[];
  transfer: Transfer | undefined;
  bytesSent: number;
  /** Why it failed; `null` when it did not. */
  errorCode: string | null;
  message: string | null;
}

interface Options
  extends Partial<
    Pick<SshJob, 'port' | 'logins' | 'via' | 'legacyAlgorithms' | 'method' | 'verifyCommand' | 'activateCommand'>
  > {
  timeouts?: Partial<SshJob['timeouts']>;
  signal?: AbortSignal;
  decideHostKey?: DeliveryObserver['decideHostKey'];
  onProgress?(bytesSent: number): void;
}

/** The login by a server's key. */
export function keyLogin({ user, key }: Pick<Sshd, 'user' | 'key'>): SshJob['logins'][number] {
  const secret = { kind: 'key', privateKey: readFileSync(key.file, 'utf8') } as const;
  return { credential: 'key', username: user.name, secret };
}

/** Brings a file to a path of a server as the transfer workers do, in this process and without the registry. */
export async function deliver(
  server: Pick<Sshd, 'port' | 'user' | 'key'>,
  file: string,
  remotePath: string,
  { timeouts, logins, signal = new AbortController().signal, onProgress, decideHostKey, ...given }: Options = {},
): Promise<Delivered> {
  const heard: Delivered = { steps: [], transfer: undefined, bytesSent: 0, errorCode: null, message: null };
  const job: SshJob = {
    transport: 'ssh',
    host: '127.0.0.1',
    port: server.port,
    logins: logins ?? [keyLogin(server)],
    via: [],
    legacyAlgorithms: false,
    knownHostKeyTypes: [],
    firmware: { path: file, sha256: (await sha256OfFile(file)) as Sha256, sizeBytes: statSync(file).size },
    remotePath,
    method: 'auto',
    verifyCommand: undefined,
    activateCommand: undefined,
    timeouts: { ...profile.parse({}).timeouts, ...timeouts },
    ...given,
  };
  const observer = {
    async entering(step: DeliveryStep, transfer?: Transfer) {
      heard.steps.push(step);
      heard.transfer ??= transfer;
    },
    progress(bytesSent: number) {
      heard.bytesSent = bytesSent;
      onProgress?.(bytesSent);
    },
    decideHostKey: decideHostKey ?? (async () => ({ trusted: true }) as const),
  };
  try {
    await deliverOverSsh(job, observer, signal);
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    Object.assign(heard, { errorCode: code, message });
  }
  return heard;
}
