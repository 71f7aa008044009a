import { createReadStream, statSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PushrodError } from '../../shared/errors.ts';
import {
  type Firmware,
  type FirmwareInfo,
  type FirmwarePatch,
  firmwareInfo,
  type Sha256,
} from '../../shared/model/index.ts';
import { type Clock, type Database, inTransaction } from '../data/index.ts';
import { ingest, pathOf, removeUnfinished } from './ingest.ts';

/** The library of firmware files: bytes by their hash, and what people said of them. */
export interface FirmwareStore {
  /** Adding the same bytes again updates what is said of them. @throws PushrodError `INVALID_INPUT` */
  add(bytes: AsyncIterable<Uint8Array>, info: FirmwareInfo): Promise<Firmware>;
  /** Copies a file of this laptop; its name is the file's own unless `info` has one. @throws PushrodError `INVALID_INPUT` */
  addPath(path: string, info: Partial<FirmwareInfo>): Promise<Firmware>;
  /** @throws PushrodError `FIRMWARE_NOT_FOUND` */
  describe(sha256: Sha256, changes: FirmwarePatch): Firmware;
  list(): Firmware[];
  /** @throws PushrodError `FIRMWARE_NOT_FOUND` */
  get(sha256: Sha256): Firmware;
  /**
   * Path of the stored bytes, for reading only.
   * @throws PushrodError `FIRMWARE_NOT_FOUND`, also when the file is missing from the store or not of its size any more
   */
  path(sha256: Sha256): string;
  /** @throws PushrodError `FIRMWARE_NOT_FOUND`, or `CONFLICT` while an unfinished update needs the file */
  remove(sha256: Sha256): Promise<void>;
}

interface FirmwareRow {
  sha256: string;
  size_bytes: number;
  file_name: string;
  version: string;
  models: string;
  notes: string;
  added_at: string;
}

const fromRow = (row: FirmwareRow): Firmware => ({
  sha256: row.sha256 as Sha256,
  sizeBytes: row.size_bytes,
  fileName: row.file_name,
  version: row.version,
  models: JSON.parse(row.models) as string[],
  notes: row.notes,
  addedAt: row.added_at,
});

/** Opens the library of a data folder whose lock is held. */
export function createFirmwareStore(
  database: Database,
  firmwareDir: string,
  clock: Clock,
  onChange: () => void,
): FirmwareStore {
  removeUnfinished(firmwareDir);
  const upsert = database.prepare(`
    INSERT INTO firmware (sha256, size_bytes, file_name, version, models, notes, added_at)
    VALUES (@sha256, @sizeBytes, @fileName, @version, @models, @notes, @addedAt)
    ON CONFLICT (sha256) DO UPDATE SET file_name = excluded.file_name, version = excluded.version,
      models = excluded.models, notes = excluded.notes`);
  const bySha256 = database.prepare<[string], FirmwareRow>('SELECT * FROM firmware WHERE sha256 = ?');
  const newestFirst = database.prepare<[], FirmwareRow>('SELECT * FROM firmware ORDER BY added_at DESC, sha256');
  const neededBy = database.prepare<[string], { name: string }>(
    "SELECT name FROM updates WHERE firmware_sha256 = ? AND state IN ('running', 'interrupted') LIMIT 1",
  );
  const forget = database.prepare('DELETE FROM firmware WHERE sha256 = ?');

  const get = (sha256: Sha256): Firmware => {
    const row = bySha256.get(sha256);
    if (!row) throw new PushrodError('FIRMWARE_NOT_FOUND', `There is no firmware with the SHA-256 ${sha256}.`);
    return fromRow(row);
  };
  const add = async (bytes: AsyncIterable<Uint8Array>, info: FirmwareInfo): Promise<Firmware> => {
    const { sha256, sizeBytes } = await ingest(firmwareDir, bytes);
    if (sizeBytes === 0) {
      await rm(pathOf(firmwareDir, sha256), { force: true });
      throw invalidFile(info.fileName, 'is empty');
    }
    upsert.run({
      ...info,
      sha256,
      sizeBytes,
      models: JSON.stringify(info.models),
      addedAt: new Date(clock.now()).toISOString(),
    });
    onChange();
    return get(sha256);
  };

  return {
    add,
    async addPath(path, given) {
      const found = await stat(path).catch((thrown: NodeJS.ErrnoException) => {
        throw invalidFile(path, thrown.code === 'ENOENT' ? 'does not exist' : `cannot be read (${thrown.code})`);
      });
      if (!found.isFile()) throw invalidFile(path, 'is not a file');
      const info = firmwareInfo.safeParse({ ...given, fileName: given.fileName ?? basename(path) });
      if (!info.success) throw invalidFile(path, `cannot be added: ${info.error.issues[0]?.message}`);
      return add(createReadStream(path, { highWaterMark: 1024 * 1024 }), info.data);
    },
    describe(sha256, changes) {
      const changed = { ...get(sha256), ...changes };
      upsert.run({ ...changed, models: JSON.stringify(changed.models) });
      onChange();
      return changed;
    },
    list: () => newestFirst.all().map(fromRow),
    get,
    path(sha256) {
      const { fileName, sizeBytes } = get(sha256);
      const path = pathOf(firmwareDir, sha256);
      const storedBytes = statSync(path, { throwIfNoEntry: false })?.size;
      if (storedBytes === sizeBytes) return path;
      const problem = storedBytes === undefined ? 'is missing from' : 'was damaged in';
      throw new PushrodError(
        'FIRMWARE_NOT_FOUND',
        `The file of ${fileName} (SHA-256 ${sha256}) ${problem} the library; add the original file again to mend it.`,
      );
    },
    async remove(sha256) {
      inTransaction(database, () => {
        get(sha256);
        const update = neededBy.get(sha256);
        if (update) {
          throw new PushrodError('CONFLICT', `The update "${update.name}" still needs this firmware; cancel it first.`);
        }
        forget.run(sha256);
      });
      await rm(pathOf(firmwareDir, sha256), { force: true });
      onChange();
    },
  };
}

function invalidFile(path: string, problem: string): PushrodError {
  return new PushrodError('INVALID_INPUT', `The firmware file ${path} ${problem}.`, [
    { field: 'firmware', message: `${path} ${problem}; name a file that can be read and has content` },
  ]);
}
