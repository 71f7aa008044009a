import { once } from 'node:events';
import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  openSync,
  type ReadStream,
  type Stats,
} from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { formatOf } from '../../main/registry/index.ts';
import { type ImportOptions, type ListFormat, listFormat } from '../../shared/model/index.ts';
import type { CommandContext } from '../command-context.ts';
import { invalid } from '../device-fields.ts';
import { asLongWork } from '../long-work.ts';
import { writeOut, writeOutFile } from '../out-file.ts';
import { addSelectorFlags, type SelectorFlags, selectionOf } from '../selector.ts';

interface ImportFlags {
  columns?: string;
  headings: boolean;
  format?: ListFormat;
  onConflict: ImportOptions['onConflict'];
  dryRun?: boolean;
}

interface ExportFlags extends SelectorFlags {
  format?: 'csv' | 'json';
}

/** `devices import` and `devices export`. */
export function addDeviceListCommands(devices: Command, context: CommandContext): void {
  const { terminal, run } = context;
  devices
    .command('import <file>')
    .description('Import a list: devices import bench.csv --dry-run | devices import - --format csv < bench.csv')
    .addOption(
      new Option('--format <format>', 'what the list is; by its name when left out').choices(listFormat.options),
    )
    .addOption(
      new Option('--on-conflict <what>', 'what to do with devices that are registered already')
        .choices(['fail', 'skip', 'update'])
        .default('fail'),
    )
    .option(
      '--columns <columns>',
      'what the columns of a CSV list are, whatever their headings: name,,address,tag:rack',
    )
    .option('--no-headings', 'the first line of the CSV list is a device')
    .option('--dry-run', 'check and count, change nothing')
    .action((file: string, flags: ImportFlags) =>
      run(
        (client, stop) =>
          withListFile(file, stop, (path) =>
            asLongWork({ client, terminal, kind: 'import' }, async () => {
              const { format, onConflict, dryRun = false, headings: hasHeadings } = flags;
              const columns = flags.columns?.split(',');
              const options = { format, columns, hasHeadings, onConflict, dryRun };
              const { addedIds: _, ...result } = await client.devices.import({ source: { path }, ...options });
              const { added, updated, skipped } = result;
              const start = dryRun ? 'Would import' : 'Imported';
              terminal.document(result, () => `${start}: ${added} added, ${updated} updated, ${skipped} skipped.`);
            }),
          ),
        { shared: true },
      ),
    );

  addSelectorFlags(devices.command('export <file>'))
    .description('Write a list: devices export bench.csv | devices export - --format json --location Roof')
    .addOption(new Option('--format <format>', 'by the name of the file when left out').choices(['csv', 'json']))
    .action((file: string, flags: ExportFlags) =>
      run(
        (client) =>
          asLongWork({ client, terminal, kind: 'export' }, async (signal) => {
            const isAll = Object.keys(flags).every((flag) => flag === 'format');
            const selection = isAll ? ({ all: true } as const) : selectionOf(flags);
            const format = flags.format ?? (formatOf(file) === 'json' ? 'json' : 'csv');
            const pieces = await client.devices.export({ format, selection }, { signal });
            if (file === '-') await writeOut(pieces, signal);
            else {
              const characters = await writeOutFile(file, 'file', pieces, signal);
              terminal.document({ file: resolve(file), characters }, () => `Wrote ${file}.`);
            }
          }),
        { shared: true },
      ),
    );
}

/**
 * Gives `work` the path of a list. What comes on standard input or through a pipe is put into a file first, however
 * long it is: it can be read once only, and the core that reads it may be another process.
 */
async function withListFile<T>(file: string, stop: AbortSignal, work: (path: string) => Promise<T>): Promise<T> {
  const found = file === '-' ? undefined : await kindOf(file);
  if (found?.isFile()) return work(resolve(file));
  const dir = await mkdtemp(join(tmpdir(), 'pushrod-import-'));
  let lettingGo: NodeJS.Timeout | undefined;
  let list: ReadStream | undefined;
  const letGo = () => {
    lettingGo = setInterval(letGoOf, letGoEveryMs, file);
  };
  try {
    const path = join(dir, 'list');
    if (found?.isFIFO()) stop.addEventListener('abort', letGo, { once: true });
    // A signal that has aborted calls nobody any more.
    stop.throwIfAborted();
    if (found) list = createReadStream(file);
    await pipeline(list ?? process.stdin, createWriteStream(path, { mode: 0o600 }), { signal: stop });
    return await work(path);
  } finally {
    stop.removeEventListener('abort', letGo);
    // It closes when its opening has come back, which may only begin now.
    if (lettingGo && list && !list.closed) await once(list, 'close');
    clearInterval(lettingGo);
    await rm(dir, { recursive: true });
  }
}

async function kindOf(file: string): Promise<Stats> {
  const found = await stat(file).catch((thrown: NodeJS.ErrnoException) => {
    throw invalid('file', `${file} cannot be read (${thrown.code}).`);
  });
  if (found.isDirectory()) throw invalid('file', `${file} is a folder; name the list itself.`);
  if (found.isCharacterDevice() || found.isBlockDevice()) throw invalid('file', `${file} is a device, not a list.`);
  return found;
}

const letGoEveryMs = 20;

/**
 * Whoever opens a FIFO waits for its writer (fifo(7)); nothing else ends that, not even the end of the process. When
 * the waiting has not begun yet, this does nothing.
 */
function letGoOf(fifo: string): void {
  try {
    closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // ENXIO: nobody waits.
  }
}
