import { PushrodError } from '../../../shared/errors.ts';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { SshJob } from '../delivery.ts';
import { deviceText } from '../device-text.ts';
import { createPacer } from '../rate-limit/index.ts';
import { chown } from './chown.ts';
import type { SshConnection } from './connection.ts';
import { canExec, execWherePossible } from './exec.ts';
import { undefinedInDoubt } from './failure.ts';
import { readAll } from './read-all.ts';
import { makeRemoteDirectory } from './remote-directory.ts';
import type { RemoteFiles } from './remote-files.ts';
import { openSftp, type Sftp } from './sftp.ts';
import { upload } from './upload.ts';
import { wholeFileMs } from './whole-file-ms.ts';

/** Files by the device's SFTP subsystem. */
export function sftpFiles(connection: SshConnection, sftp: Sftp, job: SshJob): RemoteFiles {
  const pacer = createPacer(job.rateLimits);
  return {
    method: 'sftp',
    stepBytes: 1,
    mostRanges: Number.POSITIVE_INFINITY,
    look: (path) => sftp.stat(path),
    async existing(paths) {
      const found = await Promise.all(paths.map((path) => sftp.stat(path).catch(undefinedInDoubt)));
      return paths.filter((_, index) => found[index] !== undefined);
    },
    makeDirectory: (path) => makeRemoteDirectory(sftp, path),
    namesStarting: async (directory, stem) => (await sftp.names(directory)).filter((name) => name.startsWith(stem)),
    remove: (path) => sftp.unlink(path),
    async move(from, to) {
      if (await sftp.posixRename(from, to)) return;
      const command = `mv -f -- ${shellQuote(from)} ${shellQuote(to)} && echo moved`;
      const moved = await execWherePossible(connection, command, job.timeouts.commandMs);
      // An account forced into SFTP answers any command with success, and runs none.
      if (moved?.stdout.trim() === 'moved') return;
      const why = moved?.stderr ? deviceText(moved.stderr) : 'it has no posix-rename@openssh.com and runs no commands';
      throw new PushrodError('DEVICE_ERROR', `The device could not move the file to ${to}: ${why}.`);
    },
    freeBytes: (directory) => sftp.freeBytes(directory),
    async send({ path, sizeBytes }, to, patch, onSent) {
      const handle = await sftp.open(to, patch ? 'r+' : 'w');
      const silenceMs = job.timeouts.transferMs;
      const openFurther = async () => {
        const further = await openSftp(connection, job.timeouts.commandMs, silenceMs);
        try {
          return { sftp: further, handle: await further.open(to, 'r+') };
        } catch (thrown) {
          await further.close();
          throw thrown;
        }
      };
      const first = { sftp, handle };
      const ranges = patch ?? [{ from: 0, to: sizeBytes }];
      await upload({ connection, first, openFurther, path, ranges, pacer, silenceMs, onSent });
    },
    setMode: (path, mode) => sftp.setMode(path, mode),
    async setOwner(path, owner) {
      const [, userId, groupId] = /^(\d+):(\d+)$/.exec(owner) ?? [];
      if (userId !== undefined) return sftp.setOwner(path, Number(userId), Number(groupId));
      if (await canExec(connection, job.timeouts.commandMs)) return chown(connection, job, path, owner);
      const message = 'The device runs no commands, and SFTP knows owners by number only, such as "0:0".';
      throw new PushrodError('DEVICE_ERROR', message);
    },
    async flush(path) {
      const handle = await sftp.open(path, 'r');
      await sftp.fsync(handle, wholeFileMs(job));
      await sftp.closeHandle(handle);
    },
    async read(path, take) {
      const handle = await sftp.open(path, 'r');
      await readAll(sftp, handle, take);
      await sftp.closeHandle(handle);
    },
  };
}
