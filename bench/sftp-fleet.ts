import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { push } from '../test/harness/bench.ts';
import { cliJson } from '../test/harness/cli.ts';
import { makeFile } from '../test/harness/files.ts';
import { startBenchDevice } from './bench-device.ts';
import { inTurn, median, timed } from './measure.ts';
import { run as runProgram, sshOptions, userAt } from './peers.ts';
import type { Used } from './probe.ts';
import { record } from './results.ts';

const mib = 1024 * 1024;
const devices = 100;
const sizeMib = 8;
const atOnce = 32;
const rounds = 3;

/** One file to a hundred devices: `pushrod push` against `xargs -P 32 sftp`. */
export async function run(): Promise<void> {
  const device = await startBenchDevice();
  try {
    const file = join(device.dir, 'fw-1.0.bin');
    makeFile(file, sizeMib * mib);
    const ids = Array.from({ length: devices }, (_, index) => `gw-${index}`);
    const list = join(device.dir, 'devices.csv');
    writeFileSync(list, ['id,name,address', ...ids.map((id) => `${id},${id},${device.sshd.address}`), ''].join('\n'));
    await cliJson(device.dataDir, ['devices', 'remove', '--all', '--yes']);
    await cliJson(device.dataDir, ['devices', 'import', list]);
    const probe = join(device.dir, 'probe.json');
    const used: Used[] = [];
    const ours = async () => {
      // A row of pushes does not put the file on devices that have it: each is pushed anew.
      const environment = { NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'probe.ts'))}` };
      Object.assign(process.env, environment, { PUSHROD_PROBE: probe });
      const ms = await timed(async () => {
        const { summary } = await push(device.dataDir, ['--firmware', file, '--all', '--concurrency', String(atOnce)]);
        if (summary.succeeded !== devices) throw new Error(`the push failed: ${JSON.stringify(summary)}`);
      });
      delete process.env.NODE_OPTIONS;
      used.push(JSON.parse(readFileSync(probe, 'utf8')) as Used);
      return ms;
    };
    const batches = join(device.dir, 'batches');
    mkdirSync(batches);
    for (const id of ids) {
      const to = `${device.sshd.user.home}/sftp-${id}`;
      writeFileSync(join(batches, id), `-mkdir ${to}\nput ${file} ${to}/fw\n`);
    }
    const sftp = ['sftp', ...sshOptions(device), '-P', String(device.sshd.port)].join(' ');
    const each = `ls ${batches}/* | xargs -P ${atOnce} -I BATCH ${sftp} -b BATCH ${userAt(device)} 2> /dev/null`;
    const peer = () => timed(() => runProgram('sh', ['-c', each]));
    const times = await inTurn(rounds, { ours, peer });
    const [oursMs, peerMs] = [median(times.ours), median(times.peer)];
    const of = (pick: (used: Used) => number) => median(used.slice(1).map(pick));
    record('sftp-fleet', [
      `${sizeMib} MiB to each of ${devices} devices (one sshd on loopback), ${atOnce} at a time, ${rounds} rounds in turn after a warm-up, medians:`,
      '',
      '| | time |',
      '|---|--:|',
      `| \`pushrod push\`: start, journal, upload, flush, SHA-256 on each device, rename | ${Math.round(oursMs)} ms |`,
      `| \`xargs -P ${atOnce} sftp\`: upload (nothing is verified or recorded) | ${Math.round(peerMs)} ms |`,
      '',
      `Ratio xargs sftp / pushrod: ${(peerMs / oursMs).toFixed(2)}. Pushrod used ${(of(({ cpuMs }) => cpuMs) / 1_000).toFixed(1)} s of CPU, ${of(({ peakRssMib }) => peakRssMib).toFixed(0)} MiB`,
      `at its peak (to stay below 300), and its main thread was late by ${of(({ delayP99Ms }) => delayP99Ms).toFixed(1)} ms at p99 (to stay below 16).`,
    ]);
  } finally {
    await device.remove();
  }
}
