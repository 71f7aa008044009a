import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { type BenchTransport, benchCsv, type FaultShares, faults, startSimulator } from '../../simulator/index.ts';
import type { CommandContext } from '../command-context.ts';
import { invalid } from '../device-fields.ts';
import { parsePercent, parseWhole } from '../units.ts';
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
    .option('--faults <list>', `which share of the devices has which fault (${faults.join(', ')}): login:30%,cut:5%`)
    .option('--csv <file>', 'write the bench as a list for `devices import`')
    .action(
      async (flags: { devices: string; transport: BenchTransport; seed: string; faults?: string; csv?: string }) => {
        const { transport } = flags;
        const devices = parseWhole(flags.devices, 'devices', 1);
        const stopped = untilStopped();
        const seed = parseWhole(flags.seed, 'seed', 0);
        const shares = flags.faults === undefined ? {} : faultsOf(flags.faults);
        const simulator = await startSimulator({ devices, transport, seed, faults: shares });
        try {
          if (flags.csv) await writeList(flags.csv, benchCsv(simulator));
          terminal.jsonLine({ devices: simulator.devices, credential: simulator.credential });
          terminal.note(`${devices} virtual devices listen on loopback. Ctrl-C ends them.`);
          await stopped;
        } finally {
          await simulator.close();
        }
      },
    );
}

/** Throws `INVALID_INPUT`. */
function faultsOf(text: string): FaultShares {
  const shares = text.split(',').map((part) => {
    const [name = '', share = ''] = part.trim().split(':');
    const fault = faults.find((one) => one === name);
    if (!fault) throw invalid('faults', `"${name}" is no fault; there are ${faults.join(', ')}, as in login:30%`);
    return [fault, parsePercent(share, 'faults') / 100];
  });
  return Object.fromEntries(shares);
}

async function writeList(file: string, list: string): Promise<void> {
  await writeFile(file, list).catch((thrown: NodeJS.ErrnoException) => {
    throw invalid('csv', `${file} cannot be written (${thrown.code}).`);
  });
}
