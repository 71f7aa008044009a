import type { PushrodError } from '../../shared/errors.ts';
import type { CommandOutput, DeviceUpdate, DeviceUpdateState, Profile, Sha256 } from '../../shared/model/index.ts';
import type { Login } from '../credentials/index.ts';
import type { HostKeyDecision } from '../hosts/index.ts';
import type { Confirmation } from './confirm.ts';
import type { RateLimit } from './rate-limit/index.ts';

/**
 * The parts of a delivery, in order; what comes after `verifying` only where the profile has an activate command.
 */
export type DeliveryStep = Extract<
  DeviceUpdateState,
  'connecting' | 'preflight' | 'transferring' | 'verifying' | 'activating' | 'confirming' | 'rollingBack'
>;

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
  /** Firmware that may lie on the device from before. */
  bases: Base[];
  commands: SshCommands;
  /** What has to be seen after the activation; `undefined` where the activate command has the last word. */
  confirmation: Confirmation | undefined;
  /** An earlier run has activated the firmware, and all that is left is to confirm it. */
  isActivated: boolean;
  /** The narrowest first: of the device, of its update, of the laptop. */
  rateLimits: RateLimit[];
  /** Mode bits and `user[:group]` that the file gets before it is in place; `undefined` leaves the device's own. */
  fileMode: number | undefined;
  fileOwner: string | undefined;
  timeouts: Profile['timeouts'];
}

/** Firmware that Pushrod has, at the path where a device may have it. */
export interface Base {
  remotePath: string;
  /** On this laptop. */
  path: string;
  sha256: Sha256;
  sizeBytes: number;
}

/** The commands of a profile, their placeholders filled in. */
export interface SshCommands {
  version?: { command: string; pattern: string | undefined } | undefined;
  preflight?: string | undefined;
  verify?: string | undefined;
  activate?: string | undefined;
  rollback?: string | undefined;
}

/** How the bytes are carried; told as `transferring` begins. */
export interface Transfer {
  method: NonNullable<DeviceUpdate['method']>;
  /** What comes before is on the device already, verified there. */
  resumedFrom: number;
  /** What a delta found on the device already. */
  unchangedBytes: number;
}

/** What a command of the profile said, without the secrets of the login. */
export type Ran = Pick<CommandOutput, 'command' | 'exitCode' | 'output'>;

/** Whoever asked for a delivery, who records what happens. */
export interface DeliveryObserver {
  /** A step begins when the promise is fulfilled, so that it can be on record before it has an effect. */
  entering(step: DeliveryStep, transfer?: Transfer): Promise<void>;
  /** Payload bytes that were sent and acknowledged so far; without what was there before. */
  progress(bytesSent: number): void;
  /** The device said which version it runs. */
  foundVersion(version: string): void;
  ran(command: Ran): void;
  /** Asked for each host on the way, before any credential is sent to it. */
  decideHostKey(at: Endpoint, key: Buffer): Promise<HostKeyDecision>;
}

/** Brings firmware to devices. */
export interface Delivery {
  /**
   * Fulfilled when the file lies whole and verified at its final path, and is activated and confirmed if the job says
   * so; with the failure, when what was activated has been rolled back.
   * Rejects with a PushrodError; with `CANCELLED` soon after `signal` aborts.
   */
  deliver(job: DeliveryJob, observer: DeliveryObserver, signal: AbortSignal): Promise<RolledBack | undefined>;
  close(): Promise<void>;
}

/** The former firmware runs again. */
export interface RolledBack {
  because: PushrodError;
}
