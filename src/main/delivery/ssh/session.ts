import type { DeliveryJob } from '../delivery.ts';
import type { SshConnection } from './connection.ts';
import type { PartNames } from './part-names.ts';
import type { Sftp } from './sftp.ts';

/** Everything a step of one delivery works with. */
export interface Session {
  job: DeliveryJob;
  connection: SshConnection;
  sftp: Sftp;
  names: PartNames;
}
