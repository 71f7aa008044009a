import type { SshJob } from '../delivery.ts';
import type { SshConnection } from './connection.ts';
import type { PartNames } from './part-names.ts';
import type { RemoteFiles } from './remote-files.ts';

/** Everything a step of one delivery works with. */
export interface Session {
  job: SshJob;
  connection: SshConnection;
  files: RemoteFiles;
  names: PartNames;
}
