import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import type { DeviceFiles } from './device-files.ts';
import type { InstalledFirmware } from './installed-firmware.ts';
import type { Throttle } from './throttle.ts';

/** Where a command of a device reads and writes. */
export interface CommandIo {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
}

/** What commands work on. */
export interface CommandDevice {
  files: DeviceFiles;
  throttle: Throttle;
  firmware: InstalledFirmware;
}

interface Call extends CommandIo, CommandDevice {
  operands: string[];
  line: CommandLine;
}

type Command = (call: Call) => Promise<number>;

const commands: Record<string, Command> = {
  true: async () => 0,
  false: async () => 1,
  async echo({ operands, stdout }) {
    stdout.write(`${operands.join(' ')}\n`);
    return 0;
  },
  async sha256sum({ files, operands, line, stdout }) {
    for (const path of line.input === undefined ? operands : [line.input]) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(files.locate(path)), hash);
      stdout.write(`${hash.digest('hex')}  ${line.input === undefined ? path : '-'}\n`);
    }
    return 0;
  },
  async mv({ files, operands: [from = '', to = ''] }) {
    await rename(files.locate(from), files.locate(to));
    return 0;
  },
  async rm({ files, operands }) {
    for (const path of operands) await rm(files.locate(path), { force: true });
    return 0;
  },
  async mkdir({ files, operands }) {
    for (const path of operands) await mkdir(files.locate(path), { recursive: true });
    return 0;
  },
  async cat({ files, operands, line, stdin, stdout, throttle }) {
    const [path = line.input] = operands;
    const from = path === undefined ? stdin : createReadStream(files.locate(path));
    async function* slowly() {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        await throttle(chunk.length);
        yield chunk;
      }
    }
    if (line.output === undefined) await pipeline(slowly, stdout, { end: false });
    else await pipeline(slowly, createWriteStream(files.locate(line.output)));
    return 0;
  },
  async df({ files, operands: [path = '/'], stdout }) {
    const { blocks, bavail, bsize } = await statfs(files.locate(path));
    const kib = (count: number) => Math.floor((count * bsize) / 1024);
    stdout.write('Filesystem 1024-blocks Used Available Capacity Mounted on\n');
    stdout.write(`/dev/root ${kib(blocks)} ${kib(blocks - bavail)} ${kib(bavail)} 50% /\n`);
    return 0;
  },
  async 'firmware-install'({ files, firmware, operands: [path = '', version], throttle }) {
    await throttle((await stat(files.locate(path))).size);
    await firmware.install(path, version);
    return 0;
  },
  async 'firmware-version'({ firmware, stdout }) {
    stdout.write(`${await firmware.version()}\n`);
    return 0;
  },
  async activate({ operands: [path = 'nothing'], stdout }) {
    stdout.write(`activated ${path}\n`);
    return 0;
  },
};

/** Runs one command line on a device. Returns its exit status, 127 for a command the device does not have. */
export async function runCommand(text: string, device: CommandDevice, io: CommandIo): Promise<number> {
  try {
    let status = 0;
    for (const line of parseCommandLine(text)) {
      const isSkipped = line.joinedBy === '||' ? status === 0 : line.joinedBy === '&&' && status !== 0;
      if (!isSkipped) status = await runSimple(line, { ...io, ...device });
    }
    return status;
  } catch (thrown) {
    io.stderr.write(`sh: ${thrown instanceof Error ? thrown.message : thrown}\n`);
    return 1;
  }
}

async function runSimple(line: CommandLine, device: Omit<Call, 'line' | 'operands'>): Promise<number> {
  const [name = 'true', ...rest] = line.words;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    device.stderr.write(`sh: ${name}: not found\n`);
    return 127;
  }
  const operands = rest.filter((word, index) => !isOption(word) || rest.slice(0, index).includes('--'));
  return command({ ...device, operands, line });
}

const isOption = (word: string) => word.startsWith('-') && word !== '-';
