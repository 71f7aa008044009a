import type { SshJob } from '../delivery.ts';
import type { SshConnection } from './connection.ts';
import type { RemoteFiles } from './remote-files.ts';
import { openSftp, type Sftp } from './sftp.ts';
import { sftpFiles } from './sftp-files.ts';
import { whenFree } from './with-session.ts';

/**
 * Files over SFTP that let go of their session when a command needs it, and take it again afterwards: some devices let
 * one session run at a time on a connection (`MaxSessions 1` of sshd_config(5)).
 */
export function yieldingFiles(connection: SshConnection, opened: Sftp, job: SshJob): RemoteFiles {
  let sftp: Sftp | undefined = opened;
  let files = sftpFiles(connection, opened, job);
  const underWay = new Set<Promise<unknown>>();

  connection.yieldSession = async () => {
    await Promise.allSettled(underWay);
    const yielded = sftp;
    sftp = undefined;
    await yielded?.close();
  };
  const taken = async (): Promise<RemoteFiles> => {
    if (sftp) return files;
    sftp = await whenFree(() => openSftp(connection, job.timeouts.commandMs, job.timeouts.transferMs));
    files = sftpFiles(connection, sftp, job);
    return files;
  };
  /** For work that is done before the session is let go. */
  const using = async <T>(work: (files: RemoteFiles) => Promise<T>): Promise<T> => {
    const running = taken().then(work);
    underWay.add(running);
    try {
      return await running;
    } finally {
      underWay.delete(running);
    }
  };
  return {
    method: files.method,
    stepBytes: files.stepBytes,
    mostRanges: files.mostRanges,
    look: (path) => using((taken) => taken.look(path)),
    existing: (paths) => using((taken) => taken.existing(paths)),
    makeDirectory: (path) => using((taken) => taken.makeDirectory(path)),
    namesStarting: (directory, stem) => using((taken) => taken.namesStarting(directory, stem)),
    remove: (path) => using((taken) => taken.remove(path)),
    freeBytes: (directory) => using((taken) => taken.freeBytes(directory)),
    send: (...file) => using((taken) => taken.send(...file)),
    setMode: (path, mode) => using((taken) => taken.setMode(path, mode)),
    flush: (path) => using((taken) => taken.flush(path)),
    read: (path, take) => using((taken) => taken.read(path, take)),
    // These may need a command themselves.
    move: async (from, to) => (await taken()).move(from, to),
    setOwner: async (path, owner) => (await taken()).setOwner(path, owner),
  };
}
