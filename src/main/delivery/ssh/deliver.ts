import { posix } from 'node:path';
import { PushrodError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format-bytes.ts';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { DeliveryJob, DeliveryObserver } from '../delivery.ts';
import { cancelled, openConnection, type SshConnection } from './connection.ts';
import { exec } from './exec.ts';
import { makeRemoteDirectory } from './remote-directory.ts';
import { remoteSha256 } from './remote-hash.ts';
import { openSftp, type Sftp } from './sftp.ts';
import { upload } from './upload.ts';

/** Slowest hashing of a device that is still waited for, on top of the command timeout. */
const slowestHashBytesPerMs = 1_000;

/** How long a failing delivery may spend on taking its `.part` away. */
const cleanUpMs = 2_000;

/** Everything a step of one delivery works with. */
interface Session {
  job: DeliveryJob;
  connection: SshConnection;
  sftp: Sftp;
  partPath: string;
}

/** Brings one firmware to one device over SFTP (DESIGN 6), in this thread. */
export async function deliverOverSsh(job: DeliveryJob, observer: DeliveryObserver, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled();
  await observer.entering('connecting');
  const connection = await openConnection(job, observer.decideHostKey, signal);
  try {
    await observer.entering('preflight');
    const session = await begin(job, connection);
    await preflight(session);
    await observer.entering('transferring');
    await transfer(session, observer);
    await observer.entering('verifying');
    await putInPlace(session);
    await verify(session);
    if (job.activateCommand === undefined) return;
    await observer.entering('activating');
    await run(connection, job.activateCommand, 'ACTIVATE_FAILED', job.timeouts.commandMs);
  } catch (thrown) {
    if (signal.aborted) throw cancelled();
    throw thrown;
  } finally {
    connection.close();
  }
}

async function begin(job: DeliveryJob, connection: SshConnection): Promise<Session> {
  const directory = posix.dirname(job.remotePath);
  const partName = `${posix.basename(job.remotePath)}.${job.firmware.sha256.slice(0, 12)}.part`;
  try {
    const sftp = await openSftp(connection, job.timeouts.commandMs, job.timeouts.transferMs);
    return { job, connection, sftp, partPath: posix.join(directory, partName) };
  } catch (thrown) {
    if (thrown instanceof PushrodError) throw thrown;
    throw new PushrodError('DEVICE_ERROR', 'The device offers no SFTP subsystem.', [], { cause: thrown });
  }
}

async function preflight({ job, sftp }: Session): Promise<void> {
  const directory = posix.dirname(job.remotePath);
  await makeRemoteDirectory(sftp, directory);
  const present = await sftp.stat(job.remotePath);
  if (present?.isDirectory()) {
    throw new PushrodError('REMOTE_PATH_INVALID', `${job.remotePath} on the device is a directory.`);
  }
  const freeBytes = await sftp.freeBytes(directory);
  if (freeBytes !== undefined && freeBytes < job.firmware.sizeBytes) throw noSpace(job, freeBytes);
}

async function transfer(session: Session, observer: DeliveryObserver): Promise<void> {
  const { job, sftp, partPath } = session;
  const handle = await sftp.open(partPath, 'w');
  try {
    await upload({
      sftp,
      handle,
      path: job.firmware.path,
      sizeBytes: job.firmware.sizeBytes,
      onSent: (bytesSent) => observer.progress(bytesSent),
    });
    await sftp.fsync(handle);
    await sftp.closeHandle(handle);
  } catch (thrown) {
    const cause = await explainWriteFailure(session, thrown);
    await removePart(session);
    throw cause;
  }
}

/** SFTP has no status for a full disk (draft-02, 7): the device is asked for its free space instead. */
async function explainWriteFailure({ job, sftp }: Session, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof PushrodError) || thrown.code !== 'DEVICE_ERROR') return thrown;
  const freeBytes = await sftp.freeBytes(posix.dirname(job.remotePath)).catch(() => undefined);
  const isFull = freeBytes !== undefined && freeBytes < 1024 * 1024;
  return isFull ? noSpace(job, freeBytes) : thrown;
}

async function putInPlace(session: Session): Promise<void> {
  const { job, connection, sftp, partPath } = session;
  try {
    await requireHash(session, partPath);
    if (await sftp.posixRename(partPath, job.remotePath)) return;
    const move = `mv -f -- ${shellQuote(partPath)} ${shellQuote(job.remotePath)}`;
    const { exitCode, stderr } = await exec(connection, move, job.timeouts.commandMs);
    if (exitCode === 0) return;
    throw new PushrodError('DEVICE_ERROR', `The device could not move the file into place: ${stderr.trim()}.`);
  } catch (thrown) {
    await removePart(session);
    throw thrown;
  }
}

async function verify(session: Session): Promise<void> {
  const { job, connection } = session;
  if (job.verifyCommand !== undefined) {
    await run(connection, job.verifyCommand, 'VERIFY_FAILED', job.timeouts.commandMs);
  }
  if (job.activateCommand !== undefined) await requireHash(session, job.remotePath);
}

async function requireHash({ job, connection, sftp }: Session, path: string): Promise<void> {
  const timeoutMs = job.timeouts.commandMs + job.firmware.sizeBytes / slowestHashBytesPerMs;
  const found = await remoteSha256(connection, sftp, path, timeoutMs);
  if (found === job.firmware.sha256) return;
  throw new PushrodError('CHECKSUM_MISMATCH', `${path} has the SHA-256 ${found}, not ${job.firmware.sha256}.`);
}

async function run(
  connection: SshConnection,
  command: string,
  failedCode: 'VERIFY_FAILED' | 'ACTIVATE_FAILED',
  timeoutMs: number,
): Promise<void> {
  const { exitCode, stdout, stderr } = await exec(connection, command, timeoutMs);
  if (exitCode === 0) return;
  const output = (stderr.trim() || stdout.trim()).slice(-500);
  const ended = exitCode === null ? 'was ended by a signal' : `ended with exit code ${exitCode}`;
  throw new PushrodError(failedCode, `The command "${command}" ${ended}${output ? `: ${output}` : ''}.`);
}

/** Takes the partial file away if the connection still allows it; the failure itself is what gets told. */
async function removePart({ connection, sftp, partPath }: Session): Promise<void> {
  await connection
    .request<void>(cleanUpMs, 'remove the partial file', (done) => {
      sftp.unlink(partPath).then(() => done(undefined, undefined), done as (error: unknown) => void);
    })
    .catch(() => undefined);
}

function noSpace(job: DeliveryJob, freeBytes: number): PushrodError {
  const where = posix.dirname(job.remotePath);
  return new PushrodError(
    'NO_SPACE',
    `${where} has ${formatBytes(freeBytes)} free of the ${formatBytes(job.firmware.sizeBytes)} needed.`,
  );
}
