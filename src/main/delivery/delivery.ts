import type { PushrodError } from '../../shared/errors.ts';
import type {
  CommandOutput,
  Device,
  DeviceUpdate,
  DeviceUpdateState,
  HttpProfile,
  Profile,
  Sha256,
} from '../../shared/model/index.ts';
import type { Login } from '../credentials/index.ts';
import type { HostKeyDecision } from '../hosts/index.ts';
import type { Confirmation } from './confirm.ts';
import type { RateLimit } from './rate-limit/index.ts';

/** The parts of a delivery, in order; what comes after `verifying` only where the job asks for it. */
export type DeliveryStep = Extract<
  DeviceUpdateState,
  'connecting' | 'preflight' | 'transferring' | 'verifying' | 'activating' | 'confirming' | 'rollingBack'
>;

/** All that is needed to bring an update to one device. It can be cloned to a worker. */
export type DeliveryJob = SshJob | HttpJob;

/** Where a host listens. */
export interface Endpoint {
  host: string;
  port: number;
}

/** A host that is logged in to: a device, or one on the way to it. */
export interface SshHost extends Endpoint {
  /** What its host key is known by, where that is not its address (`HostKeyAlias` of ssh_config(5)). */
  knownAs?: Endpoint | undefined;
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
  /** In the order they are brought, and activated once all of them lie verified in place. */
  files: SshFile[];
  method: Profile['method'];
  compress: Profile['compress'];
  commands: SshCommands;
  /** What has to be seen after the activation; `undefined` where the activate command has the last word. */
  confirmation: Confirmation | undefined;
  /** Ends before the activation: the files lie verified in their places. */
  stageOnly: boolean;
  /** An earlier try may have put files in place, which are then not sent again. */
  mayBeInPlace: boolean;
  /** An earlier run has activated the firmware, and all that is left is to confirm it. */
  isActivated: boolean;
  /** The narrowest first: of the device, of its update, of the laptop. */
  rateLimits: RateLimit[];
  /** Mode bits and `user[:group]` that the file gets before it is in place; `undefined` leaves the device's own. */
  fileMode: number | undefined;
  fileOwner: string | undefined;
  timeouts: Profile['timeouts'];
}

/** One file of a delivery over SSH, its path and commands with their placeholders filled in. */
export interface SshFile {
  firmware: { path: string; sha256: Sha256; sizeBytes: number };
  /** Final path on the device. */
  remotePath: string;
  /** Firmware that may lie on the device from before. */
  bases: Base[];
  verifyCommand?: string | undefined;
  activateCommand?: string | undefined;
}

/** Firmware that Pushrod has, at the path where a device may have it. */
export interface Base {
  remotePath: string;
  /** On this laptop. */
  path: string;
  sha256: Sha256;
  sizeBytes: number;
}

/** The commands of a profile that run once, their placeholders filled in. */
export interface SshCommands {
  version?: { command: string; pattern: string | undefined } | undefined;
  preflight?: string | undefined;
  rollback?: string | undefined;
}

/** What of a delivery it takes to ask a device what it runs. */
export type Visit = SshVisit | HttpVisit;

export interface SshVisit
  extends SshHost,
    Pick<SshJob, 'transport' | 'via' | 'legacyAlgorithms' | 'confirmation' | 'timeouts'> {
  commands: Pick<SshCommands, 'version'>;
}

export type HttpVisit = HttpSite & Pick<HttpJob, 'version'>;

/** Its paths and headers have their placeholders filled in. */
export interface HttpJob extends HttpSite {
  device: Pick<Device, 'id' | 'name'>;
  /** In the order they are brought. */
  files: HttpFile[];
  upload: Pick<HttpProfile, 'method' | 'body' | 'field' | 'verify' | 'resume'>;
  healthPath: string | undefined;
  version: { path: string; pattern: string | undefined } | undefined;
  /** What has to be seen after the upload; `undefined` where the device's answer has the last word. */
  confirmation: Confirmation | undefined;
  /** An earlier run has brought the firmware, and all that is left is to confirm it. */
  isActivated: boolean;
  rateLimits: RateLimit[];
}

/** One file of a delivery over HTTP. */
export interface HttpFile {
  firmware: { path: string; fileName: string; sha256: Sha256; sizeBytes: number };
  /** The path of the upload: what `remotePath` is over SSH. */
  remotePath: string;
  headers: Record<string, string>;
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
  /** What a delta found on the device already. */
  unchangedBytes: number;
}

/** What a command of the profile said, without the secrets of the login. */
export type Ran = Pick<CommandOutput, 'command' | 'exitCode' | 'output'>;

/** Whoever asked for a delivery, who records what happens. */
export interface DeliveryObserver {
  /** A step begins when the promise is fulfilled, so that it can be on record before it has an effect. */
  entering(step: DeliveryStep, transfer?: Transfer): Promise<void>;
  /**
   * Payload bytes that were sent so far; without what was there before. Over SSH the device has acknowledged them; over
   * HTTP this laptop's kernel has taken them, and no more is known until the answer.
   */
  progress(bytesSent: number): void;
  /** The device said which version it runs. */
  foundVersion(version: string): void;
  ran(command: Ran): void;
  /**
   * Asked for each host on the way, before any credential is sent to it. A certificate comes as {@link certificateKey}
   * writes it.
   */
  decideHostKey(at: Endpoint, key: Buffer): Promise<HostKeyDecision>;
}

/** Whoever asks a device what it runs. */
export type VisitObserver = Pick<DeliveryObserver, 'foundVersion' | 'decideHostKey'>;

/** Brings firmware to devices. */
export interface Delivery {
  /**
   * Fulfilled when the file lies whole and verified at its final path, and is activated and confirmed if the job says
   * so; with the failure, when what was activated has been rolled back.
   * Rejects with a PushrodError; with `CANCELLED` soon after `signal` aborts.
   */
  deliver(job: DeliveryJob, observer: DeliveryObserver, signal: AbortSignal): Promise<RolledBack | undefined>;
  /**
   * Connects, logs in, asks which version the device runs, and leaves: nothing of the device is changed. A version that
   * is not told over SSH is left out. Rejects as {@link deliver}.
   */
  visit(visit: Visit, observer: VisitObserver, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The former firmware runs again. */
export interface RolledBack {
  because: PushrodError;
}
