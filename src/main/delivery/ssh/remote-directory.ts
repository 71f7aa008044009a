import { posix } from 'node:path';
import { PushrodError } from '../../../shared/errors.ts';
import type { Sftp } from './sftp.ts';

/** Makes a directory and its missing parents. */
export async function makeRemoteDirectory(sftp: Sftp, path: string): Promise<void> {
  const found = await sftp.stat(path);
  if (found?.isDirectory) return;
  if (found) throw new PushrodError('REMOTE_PATH_INVALID', `${path} on the device is a file, not a directory.`);
  const parent = posix.dirname(path);
  if (parent !== path) await makeRemoteDirectory(sftp, parent);
  try {
    await sftp.mkdir(path);
  } catch (thrown) {
    // Someone else may have made it since; SFTP has no status that says so.
    const present = await sftp.stat(path);
    if (!present?.isDirectory) throw thrown;
  }
}
