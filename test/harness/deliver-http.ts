import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { deliverOverHttp } from '../../src/main/delivery/http/index.ts';
import type { DeliveryObserver, DeliveryStep, HttpJob } from '../../src/main/delivery/index.ts';
import { PushrodError } from '../../src/shared/errors.ts';
import { type DeviceId, type HttpProfile, httpProfile, profile, type Sha256 } from '../../src/shared/model/index.ts';
import type { Delivered } from './deliver.ts';
import { sha256OfFile } from './files.ts';

export interface DeliverHttpOptions
  extends Partial<Pick<HttpJob, 'login' | 'healthPath' | 'device' | 'confirmation' | 'rateLimits' | 'version'>> {
  headers?: Record<string, string>;
  host?: string;
  http?: Partial<HttpProfile>;
  timeouts?: Partial<HttpJob['timeouts']>;
  signal?: AbortSignal;
  onProgress?(bytesSent: number): void;
  onStep?(step: DeliveryStep): void;
  decideHostKey?: DeliveryObserver['decideHostKey'];
}

/** Brings a file to a port of loopback by HTTP as the transfer workers do, in this process and without the registry. */
export async function deliverHttp(
  { port }: { port: number },
  file: string,
  {
    host = '127.0.0.1',
    http = {},
    timeouts,
    signal = new AbortController().signal,
    onProgress,
    onStep,
    ...given
  }: DeliverHttpOptions = {},
): Promise<Delivered & { retryAfterMs: number | undefined }> {
  const heard: Delivered & { retryAfterMs: number | undefined } = {
    ...{
      steps: [],
      transfer: undefined,
      bytesSent: 0,
      versions: [],
      ran: [],
      isRolledBack: false,
      errorCode: null,
      message: null,
      retryAfterMs: undefined,
    },
  };
  const {
    path,
    headers,
    auth,
    tls,
    healthPath,
    versionPath: _,
    versionPattern: __,
    ...upload
  } = httpProfile.parse(http);
  const { decideHostKey = async () => ({ trusted: true }) as const, headers: _headers, ...parts } = given;
  const job: HttpJob = {
    transport: 'http',
    ...{ host, port, tls, auth, upload, healthPath },
    login: undefined,
    device: { id: 'gw-1' as DeviceId, name: 'gateway-1' },
    files: [
      {
        firmware: {
          path: file,
          fileName: basename(file),
          sha256: (await sha256OfFile(file)) as Sha256,
          sizeBytes: statSync(file).size,
        },
        ...{ remotePath: path, headers: { ...headers, ...given.headers } },
      },
    ],
    version: undefined,
    confirmation: undefined,
    isActivated: false,
    rateLimits: [],
    timeouts: { ...profile.parse({}).timeouts, ...timeouts },
    ...parts,
  };
  const observer: DeliveryObserver = {
    async entering(step, transfer) {
      heard.steps.push(step);
      onStep?.(step);
      heard.transfer ??= transfer;
    },
    progress(bytesSent) {
      heard.bytesSent = bytesSent;
      onProgress?.(bytesSent);
    },
    foundVersion: (version) => heard.versions.push(version),
    ran: (ran) => heard.ran.push(ran),
    decideHostKey,
  };
  try {
    await deliverOverHttp(job, observer, signal);
  } catch (thrown) {
    if (!(thrown instanceof PushrodError)) throw thrown;
    const { code, message, retryAfterMs } = thrown;
    Object.assign(heard, { errorCode: code, message, retryAfterMs });
  }
  return heard;
}
