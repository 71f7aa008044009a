import type { SFTPWrapper, Stats } from 'ssh2';
import type { SshConnection } from './connection.ts';
import { requestFailure, type Ssh2Error, sftpStatus } from './failure.ts';

/** The SFTP requests Pushrod needs (draft-ietf-secsh-filexfer-02 and OpenSSH's PROTOCOL), as promises with a timeout. */
export interface Sftp {
  open(path: string, flags: 'r' | 'w'): Promise<Buffer>;
  closeHandle(handle: Buffer): Promise<void>;
  /** Ends when the device has acknowledged all of `chunk`. */
  write(handle: Buffer, chunk: Buffer, position: number): Promise<void>;
  /** Reads up to `into.length` bytes; 0 at the end of the file. */
  read(handle: Buffer, into: Buffer, position: number): Promise<number>;
  /** `undefined` when there is nothing at the path. */
  stat(path: string): Promise<Stats | undefined>;
  mkdir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Flushes the file on the device where it offers `fsync@openssh.com`. */
  fsync(handle: Buffer): Promise<void>;
  /** Replaces `to` in one step with `posix-rename@openssh.com`; `false` where the device does not offer it. */
  posixRename(from: string, to: string): Promise<boolean>;
  /** Bytes a user may still write at a path, by `statvfs@openssh.com`; `undefined` where it is not offered. */
  freeBytes(path: string): Promise<number | undefined>;
}

/** ssh2 throws this in place of sending an extended request that the server did not announce. */
const isNotOffered = (thrown: unknown) =>
  thrown instanceof Error &&
  (thrown.message.startsWith('Server does not support') || (thrown as Ssh2Error).code === sftpStatus.opUnsupported);

/** Opens the SFTP subsystem. Rejects with ssh2's error when the device has none. */
export async function openSftp(connection: SshConnection, timeoutMs: number, transferMs: number): Promise<Sftp> {
  const sftp = await connection.request<SFTPWrapper>(timeoutMs, 'start SFTP', (done) => connection.client.sftp(done));

  const call = async <T>(doing: string, ms: number, start: (done: (error: unknown, value: T) => void) => void) => {
    try {
      return await connection.request<T>(ms, doing, start);
    } catch (thrown) {
      if (isNotOffered(thrown)) throw thrown;
      throw requestFailure(thrown, doing);
    }
  };
  const whereOffered = async <T, N>(work: Promise<T>, otherwise: N): Promise<T | N> =>
    work.catch((thrown) => {
      if (isNotOffered(thrown)) return otherwise;
      throw thrown;
    });
  /** For requests whose answer is a status only. */
  const plain = (done: (error: unknown, value: undefined) => void) => (error: unknown) => done(error, undefined);

  return {
    open: (path, flags) => call(`open ${path}`, timeoutMs, (done) => sftp.open(path, flags, done)),
    closeHandle: (handle) => call<undefined>('close the file', timeoutMs, (done) => sftp.close(handle, plain(done))),
    write: (handle, chunk, position) =>
      call<undefined>('write', transferMs, (done) => sftp.write(handle, chunk, 0, chunk.length, position, plain(done))),
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
    fsync: (handle) =>
      whereOffered(
        call<undefined>('flush the file', transferMs, (done) => sftp.ext_openssh_fsync(handle, plain(done))),
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
      whereOffered(
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
  };
}
