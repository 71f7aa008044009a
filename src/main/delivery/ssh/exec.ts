import { randomBytes } from 'node:crypto';
import { PushrodError } from '../../../shared/errors.ts';
import type { SshConnection } from './connection.ts';

/** How a command ended (RFC 4254 6.10). */
export interface ExecResult {
  /** `null` when a signal ended it. */
  exitCode: number | null;
  /** The first {@link keptBytes} of standard output; what comes after is read and dropped. */
  stdout: string;
  stderr: string;
}

/** Whether commands really run: an account forced into SFTP takes any command and answers it with success. */
export async function canExec(connection: SshConnection, timeoutMs: number): Promise<boolean> {
  const word = `pushrod-${randomBytes(6).toString('hex')}`;
  const answered = await execWherePossible(connection, `echo ${word}`, timeoutMs);
  return answered?.stdout.trim() === word;
}

/** As {@link exec}; `undefined` where the device has no exec to offer. */
export async function execWherePossible(
  connection: SshConnection,
  command: string,
  timeoutMs: number,
): Promise<ExecResult | undefined> {
  try {
    return await exec(connection, command, timeoutMs);
  } catch (thrown) {
    const isLost = thrown instanceof PushrodError && thrown.code !== 'DEVICE_ERROR';
    if (isLost) throw thrown;
    return undefined;
  }
}

const keptBytes = 64 * 1024;

/** Runs a command on the device and waits for its end. */
export function exec(connection: SshConnection, command: string, timeoutMs: number): Promise<ExecResult> {
  return connection.request<ExecResult>(timeoutMs, 'run a command', (done) => {
    connection.client.exec(command, (error, channel) => {
      if (error) return done(error, undefined as never);
      const stdout = keepStart();
      const stderr = keepStart();
      let exitCode: number | null | undefined;
      channel.on('data', stdout.take);
      channel.stderr.on('data', stderr.take);
      channel.on('exit', (code: number | null) => {
        exitCode = code;
      });
      channel.on('close', () => {
        if (exitCode === undefined) {
          return done(
            new PushrodError('DEVICE_ERROR', 'The device ended a command without its exit status.'),
            undefined as never,
          );
        }
        done(undefined, { exitCode, stdout: stdout.text(), stderr: stderr.text() });
      });
      channel.end();
    });
  });
}

function keepStart() {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    take(chunk: Buffer) {
      if (length >= keptBytes) return;
      chunks.push(chunk);
      length += chunk.length;
    },
    text: () => Buffer.concat(chunks).subarray(0, keptBytes).toString('utf8'),
  };
}
