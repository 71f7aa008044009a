import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { type BenchTransport, benchCsv, startSimulator } from '../../simulator/index.ts';
import type { CommandContext } from '../command-context.ts';
import { invalid } from '../device-fields.ts';
import { parseWhole } from '../units.ts';
import { untilStopped } from '../until-stopped.ts';

const transports: BenchTransport[] = ['ssh', 'http', 'mixed'];

export function addSimulateCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('simulate')
    .description('Run a bench of virtual devices until Ctrl-C: simulate --devices 20 --csv bench.csv')
    .option('--devices <n>', 'how many', '8')
    .addOption(
      new Option('--transport <transport>', 'how the devices take firmware').choices(transports).default('ssh'),
    )
    .option('--seed <n>', 'the same seed gives the same bench', '1')
    .option('--csv <file>', 'write the bench as a list for `devices import`')
    .action(async (flags: { devices: string; transport: BenchTransport; seed: string; csv?: string }) => {
      const { transport } = flags;
      const devices = parseWhole(flags.devices, 'devices', 1);
      const stopped = untilStopped();
      const simulator = await startSimulator({ devices, transport, seed: parseWhole(flags.seed, 'seed', 0) });
      try {
        if (flags.csv) await writeList(flags.csv, benchCsv(simulator));
        terminal.jsonLine({ devices: simulator.devices, credential: simulator.credential });
        terminal.note(`${devices} virtual devices listen on loopback. Ctrl-C ends them.`);
        await stopped;
      } finally {
        await simulator.close();
      }
    });
}

async function writeList(file: string, list: string): Promise<void> {
  await writeFile(file, list).catch((thrown: NodeJS.ErrnoException) => {
    throw invalid('csv', `${file} cannot be written (${thrown.code}).`);
  });
}
