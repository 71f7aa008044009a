import type { DeviceUpdate, Profile, Sha256 } from '../../shared/model/index.ts';
import type { Login } from '../credentials/index.ts';
import type { HostKeyDecision } from '../hosts/index.ts';

/** The parts of a delivery, in order; `activating` only where the profile has an activate command. */
export type DeliveryStep = 'connecting' | 'preflight' | 'transferring' | 'verifying' | 'activating';

/** All that is needed to bring one firmware to one device. It can be cloned to a worker. */
export type DeliveryJob = SshJob;

/** Where a host listens. */
export interface Endpoint {
  host: string;
  port: number;
}

/** A host that is logged in to: a device, or one on the way to it. */
export interface SshHost extends Endpoint {
  /** Tried in this order. */
  logins: Login[];
  /** Key types already known for the host; the handshake asks for these first. */
  knownHostKeyTypes: string[];
}

export interface SshJob extends SshHost {
  transport: 'ssh';
  /** The jump hosts, in the order they are passed through. */
  via: SshHost[];
  /** Whether the device may be spoken to with old algorithms. */
  legacyAlgorithms: boolean;
  firmware: { path: string; sha256: Sha256; sizeBytes: number };
  /** Final path on the device, its placeholders filled in. */
  remotePath: string;
  method: Profile['method'];
  verifyCommand: string | undefined;
  activateCommand: string | undefined;
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
  /** Payload bytes that were sent and acknowledged so far; without what was there before. */
  progress(bytesSent: number): void;
  /** Asked for each host on the way, before any credential is sent to it. */
  decideHostKey(at: Endpoint, key: Buffer): Promise<HostKeyDecision>;
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
