import type { ClientChannel } from 'ssh2';
import type { SshConnection } from './connection.ts';
import { sftpStatus } from './failure.ts';
import { encode, type Field, type Fields, packet, packetSplitter, readFields } from './sftp-wire.ts';

/** Hears what the server answered: the fields that follow the id. */
type Done = (error: unknown, answer: Fields) => void;

/** One SFTP subsystem, on a channel of its own: requests go out, each hears its answer. */
export interface SftpChannel {
  /** What the server announced (`posix-rename@openssh.com` and the like). */
  extensions: ReadonlySet<string>;
  /** `done` hears the answer, or the server's status when it is a failure. */
  request(type: number, fields: Field[], done: Done): void;
  /** The same with a packet that was put together before, all but its id. */
  requestPacket(whole: Buffer, done: Done): void;
  /** Ended when the server has freed the channel. */
  close(done: () => void): void;
}

/** A status other than OK (draft-ietf-secsh-filexfer-02, 7). */
export class SftpFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message || `SFTP status ${code}`);
    this.code = code;
  }
}

/** Opens a further SFTP subsystem. Rejects with an error of ssh2, or a plain one, when the device has none to give. */
export async function openSftpChannel(connection: SshConnection, timeoutMs: number): Promise<SftpChannel> {
  const channel = await connection.request<ClientChannel>(timeoutMs, 'start SFTP', (done) =>
    connection.client.subsys('sftp', done as (error: unknown, channel: ClientChannel) => void),
  );
  const waiting = new Map<number, Done>();
  let onVersion: Done | undefined;
  let lastId = 0;
  let ended: Error | undefined;

  const end = (error: Error) => {
    ended ??= error;
    for (const done of [...waiting.values()]) done(ended, undefined as never);
    onVersion?.(ended, undefined as never);
    waiting.clear();
  };
  const receive = (content: Buffer) => {
    const type = content.readUInt8();
    const fields = readFields(content.subarray(1));
    const id = fields.uint32();
    if (type === packet.version) return onVersion?.(undefined, fields);
    const done = waiting.get(id);
    waiting.delete(id);
    if (type !== packet.status) return done?.(undefined, fields);
    const code = fields.uint32();
    if (code === sftpStatus.ok) return done?.(undefined, fields);
    // Some servers leave the message out.
    done?.(new SftpFailure(code, fields.isAtEnd() ? '' : fields.text()), undefined as never);
  };
  const split = packetSplitter(receive);
  channel.on('data', (chunk: Buffer) => {
    try {
      if (!ended) split(chunk);
    } catch (thrown) {
      end(thrown as Error);
      channel.close();
    }
  });
  channel.stderr.resume();
  channel.on('error', end);
  channel.on('close', () => end(new Error('the SFTP server of the device ended')));

  const send = (whole: Buffer, done: Done) => {
    if (ended) return done(ended, undefined as never);
    lastId = (lastId + 1) >>> 0;
    whole.writeUInt32BE(lastId, 5);
    waiting.set(lastId, done);
    channel.write(whole);
  };
  const announced = await connection.request<Fields>(timeoutMs, 'start SFTP', (done) => {
    if (ended) throw ended;
    onVersion = done;
    channel.write(encode(packet.init, 3, []));
  });
  onVersion = undefined;
  return {
    extensions: readExtensions(announced),
    request: (type, fields, done) => send(encode(type, 0, fields), done),
    requestPacket: send,
    close(done) {
      if (ended) return done();
      channel.once('close', () => done());
      channel.close();
    },
  };
}

/** Names and versions of extensions; every one Pushrod uses has the version 1 or 2. */
function readExtensions(fields: Fields): Set<string> {
  const found = new Set<string>();
  while (!fields.isAtEnd()) {
    found.add(fields.text());
    fields.string();
  }
  return found;
}
