/**
 * The closed set of failures. Every failure a person or a script can meet is one of these codes;
 * whether it may be retried is a property of the code, and its hint says what to do next.
 */
const catalogue = {
  INVALID_INPUT: { retryable: false, hint: 'Correct this, then try again.' },
  DEVICE_NOT_FOUND: { retryable: false, hint: 'List the devices to find the right id.' },
  FIRMWARE_NOT_FOUND: { retryable: false, hint: 'Add the firmware file first, or list what is in the library.' },
  UPDATE_NOT_FOUND: { retryable: false, hint: 'List the updates to find the right id.' },
  PROFILE_NOT_FOUND: { retryable: false, hint: 'List the profiles to find the right name.' },
  CREDENTIAL_NOT_FOUND: { retryable: false, hint: 'Add the credential first, or list those there are.' },
  SLOT_NOT_FOUND: { retryable: false, hint: 'Add the slot first, or list those there are.' },
  SITE_NOT_FOUND: { retryable: false, hint: 'Set the site first, or list those there are.' },
  SCHEDULE_NOT_FOUND: { retryable: false, hint: 'List the schedules to find the right name.' },
  SIGNER_NOT_FOUND: { retryable: false, hint: 'List the signers to find the right name.' },
  CONFLICT: { retryable: false, hint: 'Something with this id or in this state already exists; look at it first.' },
  DATA_FOLDER_IN_USE: {
    retryable: false,
    hint: 'Close the other Pushrod that uses this data folder, or use its window.',
  },
  DATA_FOLDER_TOO_NEW: { retryable: false, hint: 'Open this data folder with the newer Pushrod that wrote it.' },
  DATABASE_DAMAGED: {
    retryable: false,
    hint: 'Restore a backup with "pushrod restore", or start again to begin with an empty one; the damaged file is kept.',
  },
  STORAGE_FAILED: {
    retryable: false,
    hint: "Free space on the laptop's disk and see that Pushrod may write to it, then try again.",
  },
  REGISTRY_UNREACHABLE: {
    retryable: true,
    hint: 'Check the network to the database of the shared registry; Pushrod goes on by itself when it is back.',
  },
  LEASE_LOST: {
    retryable: true,
    hint: 'See whether another bench has pushed to this device meanwhile, then retry.',
  },
  LEASED_ELSEWHERE: {
    retryable: false,
    hint: 'Ask the bench that pushes to this device, then retry; with more patience it is waited for longer.',
  },
  SECRET_UNREADABLE: { retryable: false, hint: 'Add the credential again: its secret was stored under another key.' },
  UNAUTHORIZED: { retryable: false, hint: 'Pair this browser again with the code Pushrod prints.' },
  FORBIDDEN: { retryable: false, hint: 'Do this in the Pushrod window or in the terminal on the laptop itself.' },
  HOST_KEY_UNKNOWN: {
    retryable: false,
    hint: "Compare the fingerprint with the device's label or console, then trust it, or push with accept-new.",
  },
  HOST_KEY_CHANGED: {
    retryable: false,
    hint: 'Find out why the key changed (new board, reset, or someone in between) before you forget the old key.',
  },
  HOST_KEY_REVOKED: {
    retryable: false,
    hint: 'This key was marked as stolen or retired: give the device a new host key before you push to it.',
  },
  ALGORITHMS_REFUSED: {
    retryable: false,
    hint: 'The device may speak old algorithms only: update it, or set "legacyAlgorithms" in its profile where its network can be trusted.',
  },
  FORWARDING_REFUSED: {
    retryable: false,
    hint: 'Let the jump host forward connections (AllowTcpForwarding and PermitOpen of its sshd), or use another one.',
  },
  CERTIFICATE_INVALID: {
    retryable: false,
    hint: "See that the certificate is in date, is for this address and comes from the profile's CA; are the clocks right?",
  },
  AUTH_FAILED: { retryable: false, hint: 'Check the user name and the credential of the profile.' },
  UNREACHABLE: { retryable: true, hint: 'Check power, cable and address; is the port right?' },
  TIMEOUT: { retryable: true, hint: 'The device answered too slowly; look at its load and link, then retry.' },
  CONNECTION_LOST: { retryable: true, hint: 'The link was cut; check cable and power, then retry.' },
  NO_SPACE: { retryable: false, hint: 'Free space on the device at the remote path, then retry.' },
  PERMISSION_DENIED: {
    retryable: false,
    hint: 'Let the user write to the remote directory, or change the remote path in the profile.',
  },
  REMOTE_PATH_INVALID: {
    retryable: false,
    hint: 'Make the remote path of the profile name a file in a directory that can exist on the device.',
  },
  ATTRIBUTES_REFUSED: {
    retryable: false,
    hint: 'Log in as a user who may set this mode and owner (often root), or change fileMode and fileOwner of the profile.',
  },
  CHECKSUM_MISMATCH: {
    retryable: true,
    hint: 'The device holds other bytes than were sent; retry, and suspect its storage if it happens again.',
  },
  MODEL_MISMATCH: {
    retryable: false,
    hint: 'Push the firmware that is for this model, or correct the model of the device or the models of the firmware.',
  },
  SIGNATURE_INVALID: {
    retryable: false,
    hint: 'Get the firmware and its signature from its maker again; trust a signer only after you compared the key.',
  },
  ALREADY_CURRENT: {
    retryable: false,
    hint: 'Nothing to do. To push it all the same, say so ("force").',
  },
  DOWNGRADE_REFUSED: {
    retryable: false,
    hint: 'Push the newer version, or allow the downgrade ("allow downgrade") if going back is what you want.',
  },
  PREFLIGHT_FAILED: {
    retryable: false,
    hint: "Read the preflight command's output and mend what it found; nothing was sent to the device.",
  },
  VERIFY_FAILED: { retryable: false, hint: "Read the verify command's output; the firmware was not activated." },
  ACTIVATE_FAILED: { retryable: false, hint: "Read the activate command's output and look at the device." },
  VERSION_NOT_CONFIRMED: {
    retryable: false,
    hint: 'Look at the device: it did not come back with the new version in time. Then push again or restore it.',
  },
  ACTIVATION_UNKNOWN: {
    retryable: false,
    hint: 'Pushrod stopped while the device was activating; check its version by hand before pushing again.',
  },
  WINDOW_CLOSED: { retryable: false, hint: 'Wait for the next update window, in which it goes on by itself.' },
  DEVICE_ERROR: {
    retryable: true,
    hint: 'The device refused a step; its message says which. Retry, or look at its log.',
  },
  REQUEST_REFUSED: {
    retryable: false,
    hint: 'Compare the method, path, body and headers of the profile with what the device expects; its message says why.',
  },
  WORKER_CRASHED: { retryable: true, hint: 'A transfer worker stopped; retry, and report it if it happens again.' },
  CANCELLED: { retryable: false, hint: 'It was cancelled on request; push again when ready.' },
  INTERNAL: { retryable: false, hint: 'This is a fault in Pushrod; please report it with the log.' },
} as const satisfies Record<string, { retryable: boolean; hint: string }>;

export type ErrorCode = keyof typeof catalogue;

export const errorCodes = Object.keys(catalogue) as [ErrorCode, ...ErrorCode[]];

/** One complaint about one value: which line of an import, which field, and what would be right. */
export interface ErrorDetail {
  line?: number | undefined;
  field?: string | undefined;
  message: string;
}

/** What a technician does next, in one sentence. */
export function hintFor(code: ErrorCode): string {
  return catalogue[code].hint;
}

/** Whether trying again unchanged may succeed. */
export function isRetryable(code: ErrorCode): boolean {
  return catalogue[code].retryable;
}

const outOfReach: ReadonlySet<ErrorCode> = new Set(['UNREACHABLE', 'CONNECTION_LOST', 'TIMEOUT']);

/** Whether a device is not there, or not any more: nobody's failure where it is waited for. */
export function isOutOfReach(code: ErrorCode): boolean {
  return outOfReach.has(code);
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(catalogue, value);
}

interface PushrodErrorOptions extends ErrorOptions {
  retryAfterMs?: number | undefined;
}

/** The only error that crosses a part's border. */
export class PushrodError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetail[];
  /** The device asked not to be tried again earlier, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetail[] = [], options: PushrodErrorOptions = {}) {
    super(message, options);
    this.name = 'PushrodError';
    this.code = code;
    this.details = details;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A failure as it is shown and kept. */
export function told({ code, message }: Pick<PushrodError, 'code' | 'message'>) {
  return { errorCode: code, message, hint: hintFor(code) };
}

/** Turns whatever was thrown into a {@link PushrodError}; a stranger becomes `INTERNAL`. */
export function toPushrodError(thrown: unknown): PushrodError {
  if (thrown instanceof PushrodError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new PushrodError('INTERNAL', message, [], { cause: thrown });
}

/** A PushrodError as structured clone carries it between threads. */
export interface ErrorValue {
  code: ErrorCode;
  message: string;
  details: ErrorDetail[];
  retryAfterMs?: number | undefined;
}

export function toErrorValue(thrown: unknown): ErrorValue {
  const { code, message, details, retryAfterMs } = toPushrodError(thrown);
  return { code, message, details, retryAfterMs };
}

export function fromErrorValue({ code, message, details, retryAfterMs }: ErrorValue): PushrodError {
  return new PushrodError(code, message, details, { retryAfterMs });
}
