import { readFileSync, statSync } from 'node:fs';
import type { DeliveryObserver, DeliveryStep, Ran, SshFile, SshJob, Transfer } from '../../src/main/delivery/index.ts';
import { deliverOverSsh } from '../../src/main/delivery/ssh/index.ts';
import { profile, type Sha256 } from '../../src/shared/model/index.ts';
import { sha256OfFile } from './files.ts';
import type { Sshd } from './sshd.ts';

/** What an observer of one delivery heard. */
export interface Delivered {
  steps: DeliveryStep[];
  transfer: Transfer | undefined;
  bytesSent: number;
  /** The versions the device reported, in order. */
  versions: string[];
  ran: Ran[];
  isRolledBack: boolean;
  /** Why it failed; `null` when it did not. */
  errorCode: string | null;
  message: string | null;
}

interface JobOptions
  extends Partial<Omit<SshJob, 'transport' | 'timeouts' | 'commands'>>,
    Partial<Pick<SshFile, 'bases'>> {
  /** Those that run once, and those of the file. */
  commands?: SshJob['commands'] & { verify?: string; activate?: string };
  timeouts?: Partial<SshJob['timeouts']>;
}

export interface DeliverOptions extends JobOptions {
  signal?: AbortSignal;
  decideHostKey?: DeliveryObserver['decideHostKey'];
  onProgress?(bytesSent: number): void;
  onStep?(step: DeliveryStep): void;
}

type Server = Pick<Sshd, 'port' | 'user' | 'key'>;

/** The login by a server's key. */
export function keyLogin({ user, key }: Pick<Sshd, 'user' | 'key'>): SshJob['logins'][number] {
  const secret = { kind: 'key', privateKey: readFileSync(key.file, 'utf8') } as const;
  return { credential: 'key', username: user.name, secret };
}

/** What is needed to bring a file to a path of a server. */
export async function deliveryJob(
  server: Server,
  file: string,
  remotePath: string,
  { timeouts, logins, bases = [], commands: { verify, activate, ...commands } = {}, ...given }: JobOptions = {},
): Promise<SshJob> {
  return {
    transport: 'ssh',
    host: '127.0.0.1',
    port: server.port,
    logins: logins ?? [keyLogin(server)],
    via: [],
    legacyAlgorithms: false,
    knownHostKeyTypes: [],
    files: [
      {
        firmware: { path: file, sha256: (await sha256OfFile(file)) as Sha256, sizeBytes: statSync(file).size },
        ...{ remotePath, bases, verifyCommand: verify, activateCommand: activate },
      },
    ],
    method: 'auto',
    compress: 'auto',
    commands,
    confirmation: undefined,
    stageOnly: false,
    mayBeInPlace: false,
    isActivated: false,
    rateLimits: [],
    fileMode: undefined,
    fileOwner: undefined,
    timeouts: { ...profile.parse({}).timeouts, ...timeouts },
    ...given,
  };
}

/** Brings a file to a path of a server as the transfer workers do, in this process and without the registry. */
export async function deliver(
  server: Server,
  file: string,
  remotePath: string,
  { signal = new AbortController().signal, onProgress, onStep, decideHostKey, ...given }: DeliverOptions = {},
): Promise<Delivered> {
  const heard: Delivered = {
    ...{ steps: [], transfer: undefined, bytesSent: 0, versions: [], ran: [] },
    ...{ isRolledBack: false, errorCode: null, message: null },
  };
  const job = await deliveryJob(server, file, remotePath, given);
  const observer = {
    async entering(step: DeliveryStep, transfer?: Transfer) {
      heard.steps.push(step);
      onStep?.(step);
      heard.transfer = transfer ?? heard.transfer;
    },
    progress(bytesSent: number) {
      heard.bytesSent = bytesSent;
      onProgress?.(bytesSent);
    },
    foundVersion: (version: string) => heard.versions.push(version),
    ran: (ran: Ran) => heard.ran.push(ran),
    decideHostKey: decideHostKey ?? (async () => ({ trusted: true }) as const),
  };
  try {
    const rolledBack = await deliverOverSsh(job, observer, signal);
    if (rolledBack)
      Object.assign(heard, {
        isRolledBack: true,
        errorCode: rolledBack.because.code,
        message: rolledBack.because.message,
      });
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    Object.assign(heard, { errorCode: code, message });
  }
  return heard;
}
