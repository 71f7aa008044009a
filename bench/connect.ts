import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnection } from '../src/main/delivery/ssh/open-connection.ts';
import { profile } from '../src/shared/model/index.ts';
import { keyLogin } from '../test/harness/deliver.ts';
import { type Sshd, startSshd } from '../test/harness/sshd.ts';
import { inTurn, median, timed } from './measure.ts';
import { record } from './results.ts';

const rounds = 20;
const fleet = 100;
const atOnce = 16;

/** Connect, exchange keys and log in, without a command: Pushrod's connection against `ssh host true`. */
export async function run(): Promise<void> {
  const sshd = await startSshd();
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-bench-'));
  const knownHosts = join(dir, 'known_hosts');
  try {
    const one = await inTurn(rounds, {
      ours: () => timed(() => logIn(sshd)),
      peer: () => timed(() => sshTrue(sshd, knownHosts)),
    });
    const before = process.cpuUsage();
    const oursMs = await timed(() => many(() => logIn(sshd)));
    const { user, system } = process.cpuUsage(before);
    const peerMs = await timed(() => many(() => sshTrue(sshd, knownHosts)));
    const rate = (ms: number) => ((fleet / ms) * 1_000).toFixed(0);
    record('connect', [
      `Key exchange and login (Ed25519) with one sshd on loopback: ${rounds} rounds in turn after a warm-up, medians; then`,
      `${fleet} of them, ${atOnce} at a time, from one thread of ours:`,
      '',
      '| | one | a second, many at a time |',
      '|---|---|---|',
      `| Pushrod: connect, exchange keys, log in, close | ${median(one.ours).toFixed(0)} ms | ${rate(oursMs)} |`,
      `| \`ssh host true\`: the same, a process and a session | ${median(one.peer).toFixed(0)} ms | ${rate(peerMs)} |`,
      '',
      `Ratio ssh / Pushrod: ${(median(one.peer) / median(one.ours)).toFixed(1)} for one, ${(peerMs / oursMs).toFixed(1)} for many (above 1 is faster than ssh).`,
      `Pushrod's own CPU is ${((user + system) / 1_000 / fleet).toFixed(1)} ms a login; the rest is sshd, which starts two processes for each.`,
    ]);
  } finally {
    await sshd.stop();
    rmSync(dir, { recursive: true });
  }
}

async function logIn(sshd: Sshd): Promise<void> {
  const { timeouts } = profile.parse({});
  const connection = await openConnection(
    {
      ...{ host: '127.0.0.1', port: sshd.port, logins: [keyLogin(sshd)], knownHostKeyTypes: [] },
      ...{ via: [], legacyAlgorithms: false, timeouts },
    },
    async () => ({ trusted: true }),
    new AbortController().signal,
  );
  connection.close();
}

async function sshTrue(sshd: Sshd, knownHosts: string): Promise<void> {
  const options = ['StrictHostKeyChecking=accept-new', `UserKnownHostsFile=${knownHosts}`, 'LogLevel=ERROR'];
  const child = spawn(
    'ssh',
    [
      ...['-F', 'none', '-i', sshd.key.file, '-p', String(sshd.port)],
      ...options.flatMap((option) => ['-o', option]),
      ...[`${sshd.user.name}@127.0.0.1`, 'true'],
    ],
    { stdio: 'ignore' },
  );
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`ssh ended with ${code}`);
}

/** Does the same for a fleet. */
async function many(work: () => Promise<void>): Promise<void> {
  let left = fleet;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
