import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import { PushrodError } from '../../../shared/errors.ts';
import { shellQuote } from '../../../shared/shell-quote.ts';
import type { SshJob } from '../delivery.ts';
import type { Range } from '../delta/index.ts';
import { createPacer } from '../rate-limit/index.ts';
import { chown } from './chown.ts';
import { chunksOf } from './chunks-of.ts';
import type { SshConnection } from './connection.ts';
import { type ExecResult, exec, execWherePossible } from './exec.ts';
import { commandFailure } from './failure.ts';
import { takeInTurn } from './hold-back.ts';
import type { RemoteFiles } from './remote-files.ts';
import { wholeFileMs } from './whole-file-ms.ts';

/** Block of dd, which goes on in the middle of a file: appending would put bytes at the wrong place if anyone else did. */
export const ddBytes = 16 * 1024;

/** Each range of a patch is a command of its own. */
const mostRanges = 64;

/** Files by the commands that even the smallest BusyBox has, for devices without an SFTP subsystem. */
export async function execFiles(connection: SshConnection, job: SshJob): Promise<RemoteFiles> {
  const { commandMs, transferMs } = job.timeouts;
  // What the tools say is read in English.
  const run = (command: string) => exec(connection, `LC_ALL=C ${command}`, commandMs);
  const succeed = async (doing: string, command: string) => requireSuccess(doing, await run(command));

  const pacer = createPacer(job.rateLimits);
  const { exitCode } = await run(`dd bs=${ddBytes} seek=1 count=0 conv=notrunc of=/dev/null`);

  return {
    method: 'exec',
    stepBytes: exitCode === 0 ? ddBytes : 0,
    mostRanges,
    async look(path) {
      const result = await run(`ls -lndL -- ${shellQuote(path)}`);
      if (result.exitCode !== 0 && /no such file|not a directory/i.test(result.stderr)) return undefined;
      requireSuccess(`look at ${path}`, result);
      // POSIX XCU ls: mode, links, owner, group, size. Numbers for names keep the columns apart.
      const [, type, size] = /^(.)\S*\s+\d+\s+\d+\s+\d+\s+(\d+)\s/.exec(result.stdout) ?? [];
      if (type === undefined) throw new PushrodError('DEVICE_ERROR', `The device could not tell the size of ${path}.`);
      return { isDirectory: type === 'd', sizeBytes: Number(size) };
    },
    async existing(paths) {
      // Told by number: a tool may print a name that is not ASCII in another way.
      const each = paths.map((path, index) => `[ -e ${shellQuote(path)} ] && echo ${index}`).join('; ');
      const { stdout } = await exec(connection, each, commandMs);
      const found = new Set(stdout.split('\n'));
      return paths.filter((_, index) => found.has(String(index)));
    },
    makeDirectory: (path) => succeed(`make the directory ${path}`, `mkdir -p -- ${shellQuote(path)}`),
    async namesStarting(directory, stem) {
      const listed = await run(`ls -d -- ${shellQuote(posix.join(directory, stem))}*`);
      return listed.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => posix.basename(line));
    },
    remove: (path) => succeed(`remove ${path}`, `rm -f -- ${shellQuote(path)}`),
    move: (from, to) => succeed(`move the file to ${to}`, `mv -f -- ${shellQuote(from)} ${shellQuote(to)}`),
    async freeBytes(directory) {
      const printed = await execWherePossible(connection, `df -P -k -- ${shellQuote(directory)}`, commandMs);
      // POSIX XCU df -P: name, blocks, used, available, capacity, where it is mounted.
      const [, free] = /\s\d+\s+\d+\s+(\d+)\s+\d+%\s.*\n?$/.exec(printed?.stdout ?? '') ?? [];
      return free === undefined ? undefined : Number(free) * 1024;
    },
    async send({ path, sizeBytes }, to, patch, onSent) {
      const file = await open(path, 'r');
      const silence = connection.watchSilence(transferMs);
      let sent = 0;
      const write = async (command: string, range: Range) => {
        const acknowledged = (bytes: number) => {
          silence.heard();
          onSent(sent + Math.min(bytes, range.to - range.from));
        };
        const input = async (take: (chunk: Buffer) => Promise<void>) => {
          for await (const chunk of chunksOf(file, range.from, range.to)) {
            await takeInTurn(connection, pacer, chunk, take, silence.heard);
          }
        };
        requireSuccess('write', await exec(connection, `LC_ALL=C ${command}`, null, { input, acknowledged }));
        sent += range.to - range.from;
        onSent(sent);
      };
      try {
        if (!patch) await write(`cat > ${shellQuote(to)}`, { from: 0, to: sizeBytes });
        for (const range of patch ?? []) {
          await write(`dd of=${shellQuote(to)} bs=${ddBytes} seek=${range.from / ddBytes} conv=notrunc`, range);
        }
      } finally {
        silence.stopWatching();
        await file.close();
      }
    },
    setMode: (path, mode) => succeed('set the mode', `chmod ${mode.toString(8)} -- ${shellQuote(path)}`),
    setOwner: (path, owner) => chown(connection, job, path, owner),
    async flush(path) {
      await execWherePossible(connection, `sync -- ${shellQuote(path)}`, wholeFileMs(job));
    },
    async read(path, take) {
      const silence = connection.watchSilence(transferMs);
      const output = (chunk: Buffer) => {
        silence.heard();
        take(chunk);
      };
      try {
        requireSuccess(`read ${path}`, await exec(connection, `cat -- ${shellQuote(path)}`, null, { output }));
      } finally {
        silence.stopWatching();
      }
    },
  };
}

function requireSuccess(doing: string, result: ExecResult): void {
  if (result.exitCode !== 0) throw commandFailure(result, doing);
}
