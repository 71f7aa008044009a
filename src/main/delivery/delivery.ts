import type { Device, DeviceUpdate, HttpProfile, Profile, Sha256 } from '../../shared/model/index.ts';
import type { Login } from '../credentials/index.ts';
import type { HostKeyDecision } from '../hosts/index.ts';

/** The parts of a delivery, in order; `activating` only where the profile has an activate command. */
export type DeliveryStep = 'connecting' | 'preflight' | 'transferring' | 'verifying' | 'activating';

/** All that is needed to bring one firmware to one device. It can be cloned to a worker. */
export type DeliveryJob = SshJob | HttpJob;

export interface SshJob {
  transport: 'ssh';
  host: string;
  port: number;
  login: Login;
  /** Key types already known for the host; the handshake asks for these first. */
  knownHostKeyTypes: string[];
  firmware: { path: string; sha256: Sha256; sizeBytes: number };
  /** Final path on the device, its placeholders filled in. */
  remotePath: string;
  method: Profile['method'];
  verifyCommand: string | undefined;
  activateCommand: string | undefined;
  timeouts: Profile['timeouts'];
}

/** Its paths and headers have their placeholders filled in. */
export interface HttpJob extends HttpSite {
  device: Pick<Device, 'id' | 'name'>;
  firmware: { path: string; fileName: string; sha256: Sha256; sizeBytes: number };
  /** The path of the upload: what `remotePath` is over SSH. */
  remotePath: string;
  upload: Pick<HttpProfile, 'method' | 'body' | 'field' | 'verify' | 'resume'>;
  headers: Record<string, string>;
  healthPath: string | undefined;
  version: { path: string; pattern: string | undefined } | undefined;
}

/** An HTTP server, and how one may talk to it. */
export interface HttpSite {
  transport: 'http';
  host: string;
  port: number;
  tls: HttpProfile['tls'];
  auth: HttpProfile['auth'];
  /** Only where `auth` wants one. */
  login: Login | undefined;
  timeouts: Profile['timeouts'];
}

/** How the bytes are carried; told as `transferring` begins. */
export interface Transfer {
  method: NonNullable<DeviceUpdate['method']>;
  /** What comes before is on the device already, verified there. */
  resumedFrom: number;
}

/** Whoever asked for a delivery, who records what happens. */
export interface DeliveryObserver {
  /** A step begins when the promise is fulfilled, so that it can be on record before it has an effect. */
  entering(step: DeliveryStep, transfer?: Transfer): Promise<void>;
  /**
   * Payload bytes that were sent so far; without what was there before. Over SSH the device has acknowledged them; over
   * HTTP this laptop's kernel has taken them, and no more is known until the answer.
   */
  progress(bytesSent: number): void;
  /** Asked before any credential is sent. A certificate comes as {@link certificateKey} writes it. */
  decideHostKey(key: Buffer): Promise<HostKeyDecision>;
}

/** Brings firmware to devices. */
export interface Delivery {
  /**
   * Fulfilled when the file lies whole and verified at its final path (and is activated, if the job says so).
   * Rejects with a PushrodError; with `CANCELLED` soon after `signal` aborts.
   */
  deliver(job: DeliveryJob, observer: DeliveryObserver, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
