import type { SshFile, SshJob } from '../delivery.ts';
import type { SshConnection } from './connection.ts';
import type { PartNames } from './part-names.ts';
import type { RemoteFiles } from './remote-files.ts';

/** A job, and the file of it that is worked on. */
export type FileJob = SshJob & SshFile;

/** Everything a step of one file's delivery works with. */
export interface Session {
  job: FileJob;
  connection: SshConnection;
  files: RemoteFiles;
  names: PartNames;
}
