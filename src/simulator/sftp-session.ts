import type { Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, truncate } from 'node:fs/promises';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { DeviceFiles } from './device-files.ts';
import type { Throttle } from './throttle.ts';

const { STATUS_CODE, flagsToString } = ssh2.utils.sftp;

type OpenHandle = { file: FileHandle; path: string } | { names: string[] | undefined; path: string };

/** Serves SFTP 3 (draft-ietf-secsh-filexfer-02) over a device's files, without extensions, as many devices do. */
export function serveSftp(sftp: SFTPWrapper, files: DeviceFiles, throttle: Throttle): void {
  const handles = new Map<number, OpenHandle>();
  let lastHandle = 0;

  const keep = (handle: OpenHandle): Buffer => {
    lastHandle += 1;
    handles.set(lastHandle, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(lastHandle);
    return name;
  };
  const idOf = (name: Buffer) => (name.length === 4 ? name.readUInt32BE(0) : 0);
  const fileOf = (name: Buffer): FileHandle => {
    const handle = handles.get(idOf(name));
    if (!handle || !('file' in handle)) throw new Error('bad handle');
    return handle.file;
  };
  /** Answers a request with what `work` answers, OK, or the status of its failure. */
  const answer = (request: number, work: () => Promise<void>) => {
    work().catch((thrown: NodeJS.ErrnoException) => sftp.status(request, statusOf(thrown), thrown.message));
  };
  const ok = (request: number, work: () => Promise<unknown>) =>
    answer(request, async () => {
      await work();
      sftp.status(request, STATUS_CODE.OK);
    });

  sftp.on('OPEN', (request, path, flags) =>
    answer(request, async () => {
      const file = await open(files.locate(path), flagsToString(flags) ?? 'r');
      sftp.handle(request, keep({ file, path }));
    }),
  );
  sftp.on('WRITE', (request, handle, offset, data) => {
    const bytes = Buffer.from(data);
    ok(request, async () => {
      await throttle(bytes.length);
      await fileOf(handle).write(bytes, 0, bytes.length, offset);
    });
  });
  sftp.on('READ', (request, handle, offset, length) =>
    answer(request, async () => {
      const { bytesRead, buffer } = await fileOf(handle).read(Buffer.alloc(length), 0, length, offset);
      if (bytesRead === 0) sftp.status(request, STATUS_CODE.EOF);
      else sftp.data(request, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on('CLOSE', (request, handle) =>
    ok(request, async () => {
      const closing = handles.get(idOf(handle));
      handles.delete(idOf(handle));
      if (closing && 'file' in closing) await closing.file.close();
    }),
  );
  sftp.on('FSTAT', (request, handle) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await fileOf(handle).stat()))),
  );
  sftp.on('STAT', (request, path) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await stat(files.locate(path))))),
  );
  sftp.on('LSTAT', (request, path) =>
    answer(request, async () => sftp.attrs(request, attributesOf(await lstat(files.locate(path))))),
  );
  sftp.on('SETSTAT', (request, path, attributes) =>
    ok(request, async () => attributes.size !== undefined && truncate(files.locate(path), attributes.size)),
  );
  sftp.on('FSETSTAT', (request, handle, attributes) =>
    ok(request, async () => attributes.size !== undefined && fileOf(handle).truncate(attributes.size)),
  );
  sftp.on('OPENDIR', (request, path) =>
    answer(request, async () => {
      const names = await readdir(files.locate(path));
      sftp.handle(request, keep({ names, path }));
    }),
  );
  sftp.on('READDIR', (request, handle) =>
    answer(request, async () => {
      const directory = handles.get(idOf(handle));
      if (!directory || 'file' in directory) throw new Error('bad handle');
      const { names, path } = directory;
      directory.names = undefined;
      if (names === undefined || names.length === 0) return void sftp.status(request, STATUS_CODE.EOF);
      const entries = names.map(async (filename) => {
        const attrs = attributesOf(await lstat(files.locate(`${path}/${filename}`)));
        return { filename, longname: filename, attrs };
      });
      sftp.name(request, await Promise.all(entries));
    }),
  );
  sftp.on('MKDIR', (request, path) => ok(request, () => mkdir(files.locate(path))));
  sftp.on('RMDIR', (request, path) => ok(request, () => rmdir(files.locate(path))));
  sftp.on('REMOVE', (request, path) => ok(request, () => rm(files.locate(path))));
  sftp.on('RENAME', (request, from, to) =>
    ok(request, async () => {
      // SFTP 3 has no overwriting rename.
      if (await stat(files.locate(to)).catch(() => undefined)) throw new Error('file exists');
      await rename(files.locate(from), files.locate(to));
    }),
  );
  sftp.on('REALPATH', (request, path) => {
    const filename = files.absolute(path);
    sftp.name(request, [{ filename, longname: filename, attrs: attributesOf(undefined) }]);
  });
  sftp.on('close', () => {
    for (const handle of handles.values()) if ('file' in handle) void handle.file.close();
    handles.clear();
  });
}

function statusOf(thrown: NodeJS.ErrnoException): number {
  if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return STATUS_CODE.NO_SUCH_FILE;
  if (thrown.code === 'EACCES' || thrown.code === 'EPERM') return STATUS_CODE.PERMISSION_DENIED;
  return STATUS_CODE.FAILURE;
}

function attributesOf(found: Stats | undefined): Attributes {
  return {
    mode: found?.mode ?? 0,
    uid: 0,
    gid: 0,
    size: found?.size ?? 0,
    atime: Math.floor((found?.atimeMs ?? 0) / 1_000),
    mtime: Math.floor((found?.mtimeMs ?? 0) / 1_000),
  };
}
