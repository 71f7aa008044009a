import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import { PushrodError } from '../../../shared/errors.ts';
import type { SshConnection } from './connection.ts';
import { requestFailure } from './failure.ts';
import { withSession } from './with-session.ts';

/** How a command ended (RFC 4254 6.10). */
export interface ExecResult {
  /** `null` when a signal ended it. */
  exitCode: number | null;
  /** Standard output; of a long one its start and its end, about {@link keptBytes} each. */
  stdout: string;
  stderr: string;
}

/** What a command reads and writes while it runs; by default it reads nothing and its output is kept. */
export interface ExecOptions {
  /** Gives the command its standard input; a `write` ends when the device's window has taken the chunk. */
  input?(write: (chunk: Buffer) => Promise<void>): Promise<void>;
  /** Bytes of the input that the device has taken out of its window so far. */
  acknowledged?(bytes: number): void;
  /** Takes standard output in place of {@link ExecResult}. */
  output?(chunk: Buffer): void;
  /** A command that runs longer is killed, as far as the device does that: `DEVICE_ERROR`, and the connection goes on. */
  patienceMs?: number;
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
  options: ExecOptions = {},
): Promise<ExecResult | undefined> {
  try {
    return await exec(connection, command, timeoutMs, options);
  } catch (thrown) {
    const isLost = thrown instanceof PushrodError && thrown.code !== 'DEVICE_ERROR';
    if (isLost) throw thrown;
    return undefined;
  }
}

/** Of each end of a command's output. */
const keptBytes = 16 * 1024;

/** Runs a command on the device and waits for its end; `timeoutMs` as in {@link SshConnection.request}. */
export async function exec(
  connection: SshConnection,
  command: string,
  timeoutMs: number | null,
  options: ExecOptions = {},
): Promise<ExecResult> {
  try {
    return await withSession(connection, () => execInSession(connection, command, timeoutMs, options));
  } catch (thrown) {
    throw requestFailure(thrown, 'run a command');
  }
}

function execInSession(
  connection: SshConnection,
  command: string,
  timeoutMs: number | null,
  options: ExecOptions,
): Promise<ExecResult> {
  return connection.request<ExecResult>(timeoutMs, 'run a command', (done) => {
    connection.client.exec(command, (error, channel) => {
      if (error) return done(error, undefined as never);
      const stdout = keepEnds();
      const stderr = keepEnds();
      let exitCode: number | null | undefined;
      const feeding = feed(channel, options);
      const fail = (why: string) => done(new PushrodError('DEVICE_ERROR', why), undefined as never);
      const { patienceMs } = options;
      const giveUp = (ms: number) => {
        kill(channel);
        fail(`A command did not end within ${ms / 1000} s.`);
      };
      const impatience = patienceMs === undefined ? undefined : setTimeout(giveUp, patienceMs, patienceMs);
      channel.on('data', options.output ?? stdout.take);
      channel.stderr.on('data', stderr.take);
      channel.on('exit', (code: number | null) => {
        exitCode = code;
      });
      channel.on('close', async () => {
        clearTimeout(impatience);
        const unfed = await feeding;
        if (unfed !== undefined && unfed !== endedEarly) return done(unfed, undefined as never);
        if (exitCode === undefined) return fail('The device ended a command without its exit status.');
        if (exitCode === 0 && unfed === endedEarly) {
          return fail('The device ended a command before it took all of its input.');
        }
        done(undefined, { exitCode, stdout: stdout.text(), stderr: stderr.text() });
      });
    });
  });
}

/** Ends a command (RFC 4254 6.9), also one whose input has ended, to which ssh2 sends no signal any more. */
function kill(channel: ClientChannel): void {
  const { _client: client, outgoing } = channel as unknown as {
    _client: { _protocol: { signal(id: number, name: string): void } };
    outgoing: { id: number };
  };
  client._protocol.signal(outgoing.id, 'KILL');
  channel.close();
}

/** The command ended while there was still input for it. */
const endedEarly = Symbol('ended early');

/** Writes the input of a command and ends it. Fulfilled with what kept it from that, if anything did. */
async function feed(channel: ClientChannel, { input, acknowledged }: ExecOptions): Promise<unknown> {
  // What a write meets after the command has ended is told by the write itself.
  channel.on('error', () => undefined);
  if (!input) return void channel.end();
  if (acknowledged) watchWindow(channel, acknowledged);
  let hasEnded = false;
  let abandon: () => void = () => undefined;
  channel.once('close', () => {
    hasEnded = true;
    abandon();
  });
  const write = (chunk: Buffer) =>
    new Promise<void>((resolve, reject) => {
      abandon = () => reject(endedEarly);
      if (hasEnded) return abandon();
      channel.write(chunk, (error) => (error ? reject(endedEarly) : resolve()));
    });
  try {
    await input(write);
    channel.end();
    return undefined;
  } catch (thrown) {
    channel.close();
    return thrown;
  }
}

/**
 * Hears each time the device opens its window further (RFC 4254 5.2), which it does as it consumes what it got: the
 * only acknowledgement there is. ssh2 keeps the window to itself. OpenSSH opens the first window with a message as
 * well; dropbear has it open from the beginning.
 */
function watchWindow(channel: ClientChannel, acknowledged: (bytes: number) => void): void {
  const { outgoing } = channel as unknown as { outgoing: { window: number } };
  let window = outgoing.window;
  let isOpen = window > 0;
  let bytes = 0;
  Object.defineProperty(outgoing, 'window', {
    get: () => window,
    set(next: number) {
      const grown = next - window;
      window = next;
      if (grown <= 0) return;
      if (isOpen) bytes += grown;
      isOpen = true;
      acknowledged(bytes);
    },
  });
}

/** Keeps the start and the end of an output: the start has what was asked for, the end why it failed. */
function keepEnds() {
  const start: Buffer[] = [];
  const end: Buffer[] = [];
  let startBytes = 0;
  let endBytes = 0;
  let leftOutBytes = 0;
  const toEnd = (chunk: Buffer) => {
    end.push(chunk);
    endBytes += chunk.length;
    while (end[0] && endBytes - end[0].length >= keptBytes) {
      leftOutBytes += end[0].length;
      endBytes -= end[0].length;
      end.shift();
    }
  };
  return {
    take(chunk: Buffer) {
      const room = keptBytes - startBytes;
      if (room > 0) start.push(chunk.subarray(0, room));
      startBytes += Math.min(room, chunk.length);
      if (chunk.length > room) toEnd(chunk.subarray(room));
    },
    text() {
      const between = leftOutBytes === 0 ? [] : [Buffer.from(`\n… ${leftOutBytes} bytes are left out …\n`)];
      return Buffer.concat([...start, ...between, ...end]).toString('utf8');
    },
  };
}
