import { resolve } from 'node:path';
import type { Command } from 'commander';
import { backUp, holdsData, type Progress, restore } from '../../main/data/index.ts';
import { registryMigrations } from '../../main/registry/index.ts';
import { PushrodError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/format-bytes.ts';
import type { CommandContext } from '../command-context.ts';
import type { Terminal } from '../terminal.ts';

/** `backup` and `restore`. They work on the files themselves, whether or not a Pushrod has them open. */
export function addBackupCommands(program: Command, { terminal }: CommandContext): void {
  const { dataDir } = terminal;

  program
    .command('backup <dir>')
    .description('Copy the data folder, also while Pushrod runs: backup /media/stick/bench-4 --with-firmware')
    .option('--with-firmware', 'also the files of the firmware library')
    .action(async (dir: string, { withFirmware }: { withFirmware?: boolean }) => {
      const made = await interruptible(terminal, (signal, onProgress) =>
        backUp({ dataDir, to: resolve(dir), withFirmware, signal, onProgress }),
      );
      const { path, createdAt, sizeBytes, files, leftOut } = made;
      terminal.document(
        { path, createdAt, size: sizeBytes, files: files.length, withFirmware: made.withFirmware, leftOut },
        () =>
          [
            `Backed up to ${path} (${formatBytes(sizeBytes)}). Bring it back with: pushrod restore DIR`,
            ...leftOut.map((name) => whyLeftOut[name] ?? `Left out: ${name}.`),
          ].join('\n'),
      );
    });

  program
    .command('restore <dir>')
    .description('Put a backup in the place of the data folder: restore /media/stick/bench-4 --yes')
    .option('--yes', 'really take the place of what the data folder holds; that is set aside')
    .action(async (dir: string, { yes }: { yes?: boolean }) => {
      if (!yes && holdsData(dataDir)) {
        const message = `This takes the place of what ${dataDir} holds; add --yes to do so.`;
        throw new PushrodError('INVALID_INPUT', message, [{ field: 'yes', message }]);
      }
      const registrySchema = registryMigrations.length;
      const { from, createdAt, restored, sizeBytes, setAside } = await interruptible(terminal, (signal, onProgress) =>
        restore({ dataDir, from: resolve(dir), registrySchema, signal, onProgress }),
      );
      terminal.document({ from, createdAt, restored, size: sizeBytes, setAside }, () =>
        [
          `Restored ${restored.join(', ')} as of ${createdAt} (${formatBytes(sizeBytes)}).`,
          ...(setAside ? [`What was there before is in ${setAside}.`] : []),
        ].join('\n'),
      );
    });
}

const whyLeftOut: Record<string, string> = {
  'secret.key':
    'Left out: secret.key. Stored passwords can be read again only on a laptop with the same key or PUSHROD_PASSPHRASE.',
  firmware: 'Left out: the files of the firmware library; --with-firmware takes them along.',
};

/** Shows at a terminal how far the work is; Ctrl-C or the end of the session cancels it, and exits with 130. */
async function interruptible<T>(
  terminal: Terminal,
  work: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onInterrupt);
  try {
    return await work(interrupt.signal, process.stderr.isTTY ? showProgress : () => undefined);
  } catch (thrown) {
    if (!(thrown instanceof PushrodError) || thrown.code !== 'CANCELLED') throw thrown;
    terminal.note(thrown.message);
    return process.exit(130);
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    for (const signal of signals) process.off(signal, onInterrupt);
  }
}

function showProgress({ bytesDone, bytesTotal }: Progress): void {
  process.stderr.write(`\r\x1b[K${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`);
}
