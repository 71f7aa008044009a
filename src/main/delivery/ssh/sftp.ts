import type { SFTPWrapper, Stats } from 'ssh2';
import { PushrodError } from '../../../shared/errors.ts';
import type { SshConnection } from './connection.ts';
import { requestFailure, type Ssh2Error, sftpStatus } from './failure.ts';

/** The SFTP requests Pushrod needs (draft-ietf-secsh-filexfer-02 and OpenSSH's PROTOCOL), as promises with a timeout. */
export interface Sftp {
  open(path: string, flags: 'r' | 'w' | 'r+'): Promise<Buffer>;
  closeHandle(handle: Buffer): Promise<void>;
  /** Bytes that the device takes in one WRITE (`limits@openssh.com`; else what the draft has every server take). */
  longestWriteBytes: number;
  /** Ends when the device has acknowledged all of `chunk`; the caller watches for silence. */
  write(handle: Buffer, chunk: Buffer, position: number): Promise<void>;
  /** Reads up to `into.length` bytes; 0 at the end of the file. */
  read(handle: Buffer, into: Buffer, position: number): Promise<number>;
  /** `undefined` when there is nothing at the path. */
  stat(path: string): Promise<Stats | undefined>;
  mkdir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** The names in a directory; none where the device does not list it. */
  names(path: string): Promise<string[]>;
  /** Flushes the file on the device with `fsync@openssh.com` where it can; slow storage takes its time. */
  fsync(handle: Buffer, timeoutMs: number): Promise<void>;
  /** Replaces `to` in one step with `posix-rename@openssh.com`; `false` where the device does not offer it. */
  posixRename(from: string, to: string): Promise<boolean>;
  /** Bytes a user may still write at a path, by `statvfs@openssh.com`; `undefined` where the device does not say. */
  freeBytes(path: string): Promise<number | undefined>;
  /** Ends the subsystem; the connection goes on. */
  close(): Promise<void>;
}

/** ssh2 throws this in place of sending an extended request that the server did not announce. */
const isNotOffered = (thrown: unknown) =>
  thrown instanceof Error &&
  (thrown.message.startsWith('Server does not support') || (thrown as Ssh2Error).code === sftpStatus.opUnsupported);

/** Every server takes packets of 34000 bytes (draft-ietf-secsh-filexfer-02, 3). */
const draftWriteBytes = 31 * 1024;

/** Whether the device answered a request with a failure; the connection goes on. */
const isRefusal = (thrown: unknown) =>
  thrown instanceof PushrodError && typeof (thrown.cause as Ssh2Error | undefined)?.code === 'number';

/** Opens the SFTP subsystem. Rejects with ssh2's error when the device has none. */
export async function openSftp(connection: SshConnection, timeoutMs: number, transferMs: number): Promise<Sftp> {
  const sftp = await connection.request<SFTPWrapper>(timeoutMs, 'start SFTP', (done) => connection.client.sftp(done));

  const call = async <T>(
    doing: string,
    ms: number | null,
    start: (done: (error: unknown, value: T) => void) => void,
  ) => {
    try {
      return await connection.request<T>(ms, doing, start);
    } catch (thrown) {
      if (isNotOffered(thrown)) throw thrown;
      throw requestFailure(thrown, doing);
    }
  };
  /** For requests that a push can do without: what the device refuses is as if it were not offered. */
  const whereGranted = async <T, N>(work: Promise<T>, otherwise: N): Promise<T | N> =>
    work.catch((thrown) => {
      if (isNotOffered(thrown) || isRefusal(thrown)) return otherwise;
      throw thrown;
    });
  const whereOffered = async <T, N>(work: Promise<T>, otherwise: N): Promise<T | N> =>
    work.catch((thrown) => {
      if (isNotOffered(thrown)) return otherwise;
      throw thrown;
    });
  /** For requests whose answer is a status only. */
  const plain = (done: (error: unknown, value: undefined) => void) => (error: unknown) => done(error, undefined);

  // ssh2 asks for the limits itself, keeps them to itself, and would split a longer write unseen.
  const { _maxWriteLen: longestWriteBytes = draftWriteBytes } = sftp as { _maxWriteLen?: number };

  return {
    longestWriteBytes,
    open: (path, flags) => call(`open ${path}`, timeoutMs, (done) => sftp.open(path, flags, done)),
    closeHandle: (handle) => call<undefined>('close the file', timeoutMs, (done) => sftp.close(handle, plain(done))),
    write: (handle, chunk, position) =>
      call<undefined>('write', null, (done) => sftp.write(handle, chunk, 0, chunk.length, position, plain(done))),
    async read(handle, into, position) {
      try {
        return await call<number>('read', transferMs, (done) =>
          sftp.read(handle, into, 0, into.length, position, done),
        );
      } catch (thrown) {
        if (((thrown as Error).cause as Ssh2Error | undefined)?.code === sftpStatus.eof) return 0;
        throw thrown;
      }
    },
    async stat(path) {
      try {
        return await call<Stats>(`look at ${path}`, timeoutMs, (done) => sftp.stat(path, done));
      } catch (thrown) {
        if (((thrown as Error).cause as Ssh2Error | undefined)?.code === sftpStatus.noSuchFile) return undefined;
        throw thrown;
      }
    },
    mkdir: (path) => call<undefined>(`make the directory ${path}`, timeoutMs, (done) => sftp.mkdir(path, plain(done))),
    unlink: (path) => call<undefined>(`remove ${path}`, timeoutMs, (done) => sftp.unlink(path, plain(done))),
    names: (path) =>
      whereGranted(
        call<{ filename: string }[]>(`list ${path}`, timeoutMs, (done) => sftp.readdir(path, done)),
        [],
      ).then((entries) => entries.map(({ filename }) => filename)),
    fsync: (handle, fsyncMs) =>
      whereGranted(
        call<undefined>('flush the file', fsyncMs, (done) => sftp.ext_openssh_fsync(handle, plain(done))),
        undefined,
      ),
    posixRename: (from, to) =>
      whereOffered(
        call<true>(`move the file to ${to}`, timeoutMs, (done) =>
          sftp.ext_openssh_rename(from, to, (error) => done(error, true)),
        ),
        false,
      ),
    freeBytes: (path) =>
      whereGranted(
        call<number>('tell its free space', timeoutMs, (done) =>
          sftp.ext_openssh_statvfs(path, (error, stats) => {
            const { f_bavail: blocks, f_frsize: blockBytes } = (stats ?? {}) as {
              f_bavail?: number;
              f_frsize?: number;
            };
            done(error, Number(blocks) * Number(blockBytes));
          }),
        ),
        undefined,
      ),
    close: () =>
      call<undefined>('end SFTP', timeoutMs, (done) => {
        sftp.once('close', () => done(undefined, undefined));
        sftp.end();
      }),
  };
}
