import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PushrodError } from '../../shared/errors.ts';
import {
  type Firmware,
  type FirmwareInfo,
  type FirmwarePatch,
  type FirmwareSignature,
  firmwareInfo,
  type Sha256,
} from '../../shared/model/index.ts';
import { type Clock, type Database, inTransaction } from '../data/index.ts';
import { ingest, pathOf, removeUnfinished } from './ingest.ts';
import { readSignature, requireSigned } from './minisign.ts';
import type { Signers } from './signers.ts';

/** The library of firmware files: bytes by their hash, and what people said of them. */
export interface FirmwareStore {
  /**
   * Takes bytes, with what is said of them. Bytes the library knows already keep what was said before, whoever brings
   * them again and under whatever name; that is changed by {@link describe} only. Their stored file is written anew.
   * @throws PushrodError `INVALID_INPUT`, `SIGNATURE_INVALID`, `CANCELLED` when the data folder is closed meanwhile
   */
  add(bytes: AsyncIterable<Uint8Array>, info: FirmwareInfo): Promise<Firmware>;
  /**
   * The same for a file of this laptop; its name is the file's own unless `info` has one. A file the library holds
   * whole is not copied again.
   * @throws PushrodError `INVALID_INPUT`, `CANCELLED` when `signal` aborts or the data folder is closed meanwhile
   */
  addPath(path: string, info: Partial<FirmwareInfo>, signal?: AbortSignal): Promise<Firmware>;
  /** Keeps who signed a firmware. @throws PushrodError `FIRMWARE_NOT_FOUND`, `INVALID_INPUT`, `SIGNATURE_INVALID` */
  sign(sha256: Sha256, signature: string): Promise<Firmware>;
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
  signature: string | null;
}

/** A signature that was checked when it came. */
interface Signed {
  keyId: string;
  publicKey: string;
  trustedComment: string;
}

/** Opens the library of a data folder whose lock is held. */
export function createFirmwareStore(
  database: Database,
  firmwareDir: string,
  clock: Clock,
  signers: Pick<Signers, 'keyOf' | 'nameOf' | 'list'>,
  onChange: () => void,
): FirmwareStore {
  removeUnfinished(firmwareDir);
  const insert = database.prepare(`
    INSERT INTO firmware (sha256, size_bytes, file_name, version, models, notes, added_at)
    VALUES (@sha256, @sizeBytes, @fileName, @version, @models, @notes, @addedAt)
    ON CONFLICT (sha256) DO NOTHING`);
  const change = database.prepare(`
    UPDATE firmware SET file_name = @fileName, version = @version, models = @models, notes = @notes
    WHERE sha256 = @sha256`);
  const ofSize = database.prepare<[number]>('SELECT 1 FROM firmware WHERE size_bytes = ? LIMIT 1');
  const bySha256 = database.prepare<[string], FirmwareRow>('SELECT * FROM firmware WHERE sha256 = ?');
  const newestFirst = database.prepare<[], FirmwareRow>('SELECT * FROM firmware ORDER BY added_at DESC, sha256');
  const neededBy = database.prepare<[string], { name: string }>(
    `SELECT name FROM updates JOIN update_firmware ON update_id = id
     WHERE sha256 = ? AND (
       state IN ('scheduled', 'running', 'paused', 'interrupted')
       OR EXISTS (SELECT 1 FROM device_updates staged WHERE staged.update_id = updates.id AND staged.state = 'staged'))
     LIMIT 1`,
  );
  const setSignature = database.prepare<[string, string]>('UPDATE firmware SET signature = ? WHERE sha256 = ?');
  const forget = database.prepare('DELETE FROM firmware WHERE sha256 = ?');

  /** Bytes take a while to come in, and Pushrod may have closed by then. */
  const requireOpen = () => {
    if (!database.open) throw new PushrodError('CANCELLED', 'Pushrod is closing.');
  };
  /** A file and its entry come and go together: a removal must not meet an adding half way. */
  let lastTurn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = lastTurn.then(work, work);
    lastTurn = mine;
    return mine;
  };
  const fromRow = (row: FirmwareRow): Firmware => ({
    sha256: row.sha256 as Sha256,
    sizeBytes: row.size_bytes,
    fileName: row.file_name,
    version: row.version,
    models: JSON.parse(row.models) as string[],
    notes: row.notes,
    addedAt: row.added_at,
    signature: row.signature === null ? null : signatureOf(JSON.parse(row.signature) as Signed),
  });
  const signatureOf = ({ keyId, publicKey, trustedComment }: Signed): FirmwareSignature => {
    return { keyId, signer: signers.nameOf(publicKey) ?? null, trustedComment };
  };
  /** @throws PushrodError `INVALID_INPUT`, `SIGNATURE_INVALID` where a file is not signed by somebody who is trusted */
  const checkSigned = async (path: string, text: string): Promise<Signed> => {
    const signature = readSignature(text);
    const key = signers.keyOf(signature.keyId);
    await requireSigned(path, signature, key);
    return { keyId: key.keyId, publicKey: key.line, trustedComment: signature.trustedComment };
  };
  const keepSignature = (sha256: Sha256, signed: Signed): Firmware => {
    setSignature.run(JSON.stringify(signed), sha256);
    known.delete(sha256);
    onChange();
    return get(sha256);
  };

  /** Read once until something changes: a push asks for its firmware once for each device. */
  const known = new Map<Sha256, Firmware>();
  let knownBy = signers.list();
  const get = (sha256: Sha256): Firmware => {
    if (knownBy !== signers.list()) known.clear();
    knownBy = signers.list();
    const found = known.get(sha256);
    if (found) return found;
    const row = bySha256.get(sha256);
    if (!row) throw new PushrodError('FIRMWARE_NOT_FOUND', `There is no firmware with the SHA-256 ${sha256}.`);
    const firmware = fromRow(row);
    known.set(sha256, firmware);
    return firmware;
  };
  const add = async (bytes: AsyncIterable<Uint8Array>, { signature, ...info }: FirmwareInfo): Promise<Firmware> => {
    const { sha256, sizeBytes, path, keep, drop } = await ingest(firmwareDir, bytes);
    if (!database.open || sizeBytes === 0) await drop();
    requireOpen();
    if (sizeBytes === 0) throw invalidFile(info.fileName, 'is empty');
    const signed = signature === undefined ? undefined : await checkSigned(path, signature).catch(dropping(drop));
    return inTurn(async () => {
      await keep().finally(drop);
      requireOpen();
      insert.run({
        ...info,
        sha256,
        sizeBytes,
        models: JSON.stringify(info.models),
        addedAt: new Date(clock.now()).toISOString(),
      });
      if (signed) return keepSignature(sha256, signed);
      onChange();
      return get(sha256);
    });
  };
  /** Both are read to their end: a stored file that has gone bad is to be copied again. */
  const holdsWhole = async (
    path: string,
    sizeBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<Sha256 | undefined> => {
    requireOpen();
    if (!ofSize.get(sizeBytes)) return undefined;
    const sha256 = await sha256Of(path, signal);
    requireOpen();
    if (!bySha256.get(sha256)) return undefined;
    const stored = await sha256Of(pathOf(firmwareDir, sha256), signal).catch(() => undefined);
    return stored === sha256 ? sha256 : undefined;
  };

  const path = (sha256: Sha256): string => {
    const { fileName, sizeBytes } = get(sha256);
    const stored = pathOf(firmwareDir, sha256);
    const storedBytes = statSync(stored, { throwIfNoEntry: false })?.size;
    if (storedBytes === sizeBytes) return stored;
    const problem = storedBytes === undefined ? 'is missing from' : 'was damaged in';
    throw new PushrodError(
      'FIRMWARE_NOT_FOUND',
      `The file of ${fileName} (SHA-256 ${sha256}) ${problem} the library; add the original file again to mend it.`,
    );
  };
  const sign = async (sha256: Sha256, signature: string): Promise<Firmware> => {
    const signed = await checkSigned(path(sha256), signature);
    requireOpen();
    return keepSignature(sha256, signed);
  };

  return {
    add,
    sign,
    async addPath(path, given, signal) {
      const found = await stat(path).catch((thrown: NodeJS.ErrnoException) => {
        throw invalidFile(path, thrown.code === 'ENOENT' ? 'does not exist' : `cannot be read (${thrown.code})`);
      });
      if (!found.isFile()) throw invalidFile(path, 'is not a file');
      const info = firmwareInfo.safeParse({ ...given, fileName: given.fileName ?? basename(path) });
      if (!info.success) throw invalidFile(path, `cannot be added: ${info.error.issues[0]?.message}`);
      try {
        const known = await holdsWhole(path, found.size, signal);
        if (!known) return await add(bytesOf(path, signal), info.data);
        requireOpen();
        return info.data.signature === undefined ? get(known) : await sign(known, info.data.signature);
      } catch (thrown) {
        if (signal?.aborted) throw new PushrodError('CANCELLED', `Adding ${path} was cancelled.`);
        throw thrown;
      }
    },
    describe(sha256, changes) {
      const changed = { ...get(sha256), ...changes };
      change.run({ ...changed, models: JSON.stringify(changed.models) });
      known.delete(sha256);
      onChange();
      return changed;
    },
    list: () => newestFirst.all().map(fromRow),
    get,
    path,
    remove: (sha256) =>
      inTurn(async () => {
        inTransaction(database, () => {
          get(sha256);
          const update = neededBy.get(sha256);
          if (update) {
            const message = `The update "${update.name}" still needs this firmware; cancel it first.`;
            throw new PushrodError('CONFLICT', message);
          }
          forget.run(sha256);
        });
        known.delete(sha256);
        await rm(pathOf(firmwareDir, sha256), { force: true });
        onChange();
      }),
  };
}

const dropping = (drop: () => Promise<void>) => async (thrown: unknown) => {
  await drop();
  throw thrown;
};

const bytesOf = (path: string, signal: AbortSignal | undefined) =>
  createReadStream(path, { signal, highWaterMark: 1024 * 1024 });

async function sha256Of(path: string, signal: AbortSignal | undefined): Promise<Sha256> {
  const hash = createHash('sha256');
  await pipeline(bytesOf(path, signal), hash);
  return hash.digest('hex') as Sha256;
}

function invalidFile(path: string, problem: string): PushrodError {
  return new PushrodError('INVALID_INPUT', `The firmware file ${path} ${problem}.`, [
    { field: 'firmware', message: `${path} ${problem}; name a file that can be read and has content` },
  ]);
}
