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
