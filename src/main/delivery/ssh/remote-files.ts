import type { DeviceUpdate } from '../../../shared/model/index.ts';
import type { Range } from '../delta/index.ts';

/** What lies at a path of a device. */
export interface RemoteFile {
  isDirectory: boolean;
  sizeBytes: number;
}

/** The file on this laptop that is sent. */
export interface LocalFile {
  path: string;
  sizeBytes: number;
}

/** How files are put on a device. Every call rejects with a PushrodError that names what the device could not do. */
export interface RemoteFiles {
  /** What carries the bytes: the SFTP subsystem, or commands of the device's shell. */
  readonly method: NonNullable<DeviceUpdate['method']>;
  /** Ranges of a patch begin at multiples of this; 0 where `send` can only begin anew. */
  readonly stepBytes: number;
  /** So many ranges of a patch are worth their requests. */
  readonly mostRanges: number;
  /** `undefined` when there is nothing at the path. */
  look(path: string): Promise<RemoteFile | undefined>;
  /** Those of the paths where there is something, in one round trip; a path that may not be looked at is none. */
  existing(paths: readonly string[]): Promise<string[]>;
  /** Makes a directory and its missing parents. */
  makeDirectory(path: string): Promise<void>;
  /** The names in a directory that begin with `stem`; none where the device does not list it. */
  namesStarting(directory: string, stem: string): Promise<string[]>;
  remove(path: string): Promise<void>;
  /** Replaces `to` in one step. */
  move(from: string, to: string): Promise<void>;
  /** Bytes a user may still write in a directory; `undefined` where the device does not say. */
  freeBytes(directory: string): Promise<number | undefined>;
  /**
   * Writes a local file to `path`: all of it, or a patch, which leaves the rest of what is there as it is.
   * `onSent` hears how many bytes the device has acknowledged; memory stays the same whatever the size of the file.
   */
  send(file: LocalFile, path: string, patch: Range[] | undefined, onSent: (bytesSent: number) => void): Promise<void>;
  /** Sets the permission bits of a file. */
  setMode(path: string, mode: number): Promise<void>;
  /** Sets its owner, and its group where there is one: `user[:group]`, names or numbers. */
  setOwner(path: string, owner: string): Promise<void>;
  /** Has the device bring a file to its disk, as far as it can; slow storage takes its time. */
  flush(path: string): Promise<void>;
  /** Gives all bytes of a file to `take`, in order, each chunk when the one before it is dealt with. */
  read(path: string, take: (chunk: Buffer) => void): Promise<void>;
}
