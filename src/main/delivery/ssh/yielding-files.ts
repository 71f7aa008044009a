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
  connection.yieldSession = async () => {
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
  return {
    method: files.method,
    resumeStepBytes: files.resumeStepBytes,
    look: async (path) => (await taken()).look(path),
    makeDirectory: async (path) => (await taken()).makeDirectory(path),
    namesStarting: async (directory, stem) => (await taken()).namesStarting(directory, stem),
    remove: async (path) => (await taken()).remove(path),
    move: async (from, to) => (await taken()).move(from, to),
    freeBytes: async (directory) => (await taken()).freeBytes(directory),
    send: async (...file) => (await taken()).send(...file),
    read: async (path, take) => (await taken()).read(path, take),
  };
}
