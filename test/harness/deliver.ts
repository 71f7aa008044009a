import { readFileSync, statSync } from 'node:fs';
import type { DeliveryStep, SshJob, Transfer } from '../../src/main/delivery/index.ts';
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

type Given = 'port' | 'method' | 'fileMode' | 'fileOwner' | 'verifyCommand' | 'activateCommand';

interface JobOptions extends Partial<Pick<SshJob, Given>> {
  timeouts?: Partial<SshJob['timeouts']>;
}

interface Options extends JobOptions {
  signal?: AbortSignal;
  onProgress?(bytesSent: number): void;
}

type Server = Pick<Sshd, 'port' | 'user' | 'key'>;

/** What is needed to bring a file to a path of a server. */
export async function deliveryJob(
  server: Server,
  file: string,
  remotePath: string,
  { timeouts, ...given }: JobOptions = {},
): Promise<SshJob> {
  return {
    transport: 'ssh',
    host: '127.0.0.1',
    port: server.port,
    login: {
      username: server.user.name,
      secret: { kind: 'key', privateKey: readFileSync(server.key.file, 'utf8'), passphrase: undefined },
    },
    knownHostKeyTypes: [],
    firmware: { path: file, sha256: (await sha256OfFile(file)) as Sha256, sizeBytes: statSync(file).size },
    remotePath,
    method: 'auto',
    fileMode: undefined,
    fileOwner: undefined,
    verifyCommand: undefined,
    activateCommand: undefined,
    timeouts: { ...profile.parse({}).timeouts, ...timeouts },
    ...given,
  };
}

/** Brings a file to a path of a server as the transfer workers do, in this process and without the registry. */
export async function deliver(
  server: Server,
  file: string,
  remotePath: string,
  { signal = new AbortController().signal, onProgress, ...given }: Options = {},
): Promise<Delivered> {
  const heard: Delivered = { steps: [], transfer: undefined, bytesSent: 0, errorCode: null, message: null };
  const job = await deliveryJob(server, file, remotePath, given);
  const observer = {
    async entering(step: DeliveryStep, transfer?: Transfer) {
      heard.steps.push(step);
      heard.transfer ??= transfer;
    },
    progress(bytesSent: number) {
      heard.bytesSent = bytesSent;
      onProgress?.(bytesSent);
    },
    decideHostKey: async () => ({ trusted: true }) as const,
  };
  try {
    await deliverOverSsh(job, observer, signal);
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    Object.assign(heard, { errorCode: code, message });
  }
  return heard;
}
