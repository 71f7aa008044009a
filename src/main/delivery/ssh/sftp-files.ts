import { PushrodError } from '../../../shared/errors.ts';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { SshJob } from '../delivery.ts';
import { deviceText } from '../device-text.ts';
import type { SshConnection } from './connection.ts';
import { execWherePossible } from './exec.ts';
import { makeRemoteDirectory } from './remote-directory.ts';
import type { RemoteFiles } from './remote-files.ts';
import type { Sftp } from './sftp.ts';
import { upload } from './upload.ts';
import { wholeFileMs } from './whole-file-ms.ts';

const readBytes = 255 * 1024;

/** Files by the device's SFTP subsystem. */
export function sftpFiles(connection: SshConnection, sftp: Sftp, job: SshJob): RemoteFiles {
  return {
    method: 'sftp',
    resumeStepBytes: 1,
    async look(path) {
      const found = await sftp.stat(path);
      return found && { isDirectory: found.isDirectory(), sizeBytes: found.size };
    },
    makeDirectory: (path) => makeRemoteDirectory(sftp, path),
    namesStarting: async (directory, stem) => (await sftp.names(directory)).filter((name) => name.startsWith(stem)),
    remove: (path) => sftp.unlink(path),
    async move(from, to) {
      if (await sftp.posixRename(from, to)) return;
      const command = `mv -f -- ${shellQuote(from)} ${shellQuote(to)}`;
      const moved = await execWherePossible(connection, command, job.timeouts.commandMs);
      // An account forced into SFTP answers any command with success.
      if (moved?.exitCode === 0 && (await sftp.stat(from)) === undefined) return;
      const why = moved?.stderr ? deviceText(moved.stderr) : 'it has no posix-rename@openssh.com and runs no commands';
      throw new PushrodError('DEVICE_ERROR', `The device could not move the file to ${to}: ${why}.`);
    },
    freeBytes: (directory) => sftp.freeBytes(directory),
    async send({ path, sizeBytes }, to, fromBytes, onSent) {
      const handle = await sftp.open(to, fromBytes === 0 ? 'w' : 'r+');
      const silenceMs = job.timeouts.transferMs;
      await upload({ connection, sftp, handle, path, fromBytes, sizeBytes, silenceMs, onSent });
      await sftp.fsync(handle, wholeFileMs(job));
      await sftp.closeHandle(handle);
    },
    async read(path, take) {
      const buffer = Buffer.allocUnsafeSlow(readBytes);
      const handle = await sftp.open(path, 'r');
      let position = 0;
      for (;;) {
        const length = await sftp.read(handle, buffer, position);
        if (length === 0) break;
        take(buffer.subarray(0, length));
        position += length;
      }
      await sftp.closeHandle(handle);
    },
  };
}
