import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { benchCsv, startSimulator } from '../../simulator/index.ts';
import type { CommandContext } from '../command-context.ts';
import { parseWhole } from '../units.ts';
import { untilStopped } from '../until-stopped.ts';

export function addSimulateCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('simulate')
    .description('Run a bench of virtual devices until Ctrl-C: simulate --devices 20 --csv bench.csv')
    .option('--devices <n>', 'how many', '8')
    .option('--seed <n>', 'the same seed gives the same bench', '1')
    .option('--csv <file>', 'write the bench as a list for `devices import`')
    .action(async (flags: { devices: string; seed: string; csv?: string }) => {
      const devices = parseWhole(flags.devices, 'devices', 1);
      const stopped = untilStopped();
      const simulator = await startSimulator({ devices, seed: parseWhole(flags.seed, 'seed', 0) });
      try {
        if (flags.csv) await writeFile(flags.csv, benchCsv(simulator));
        terminal.jsonLine({ devices: simulator.devices, credential: simulator.credential });
        terminal.note(`${devices} virtual devices listen on loopback. Ctrl-C ends them.`);
        await stopped;
      } finally {
        await simulator.close();
      }
    });
}
