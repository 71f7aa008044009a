import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  countingSockets,
  has,
  isRoot,
  makeFile,
  mountTmpfs,
  type Sshd,
  sha256OfFile,
  startBadLink,
  startOddServer,
  startSshd,
  temporaryDir,
  timesOpen,
} from './index.ts';

describe.runIf(has('sshd'))('the real sshd of the tests', () => {
  const dir = temporaryDir();
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  const ssh = (...command: string[]) => {
    const options = ['-i', sshd.key.file, '-p', String(sshd.port), '-o', 'StrictHostKeyChecking=accept-new'];
    const isolated = ['-F', 'none', '-o', `UserKnownHostsFile=${dir}/known_hosts`, '-o', 'LogLevel=ERROR'];
    return execFileSync('ssh', [...options, ...isolated, `${sshd.user.name}@127.0.0.1`, ...command], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  };

  it('lets its user in, and shows another host key after a reset', async () => {
    expect(ssh('id', '-un').trim()).toBe(sshd.user.name);
    await sshd.restartWithNewHostKey();
    expect(() => ssh('true')).toThrowError(/REMOTE HOST IDENTIFICATION HAS CHANGED/);
  });

  it.runIf(isRoot())('has disks that really are full', () => {
    const small = join(dir, 'small');
    onTestFinished(mountTmpfs(small, 1024 * 1024, sshd.user));
    expect(() => writeFileSync(join(small, 'big'), Buffer.alloc(2 * 1024 * 1024))).toThrowError(/ENOSPC/);
  });
});

it('makes the same file each time', async () => {
  const dir = temporaryDir();
  const hashes = [];
  for (const [name, seed] of [
    ['a', 1],
    ['b', 1],
    ['c', 2],
  ] as const) {
    makeFile(join(dir, name), 1_500_000, seed);
    hashes.push(await sha256OfFile(join(dir, name)));
  }
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[0]).not.toBe(hashes[2]);
});

it('counts the connections that a task made and left open, and no others', async () => {
  const server = await startOddServer(() => undefined);
  onTestFinished(() => server.close());
  const link = await startBadLink(server.port);
  onTestFinished(() => link.close());
  const { result: socket, open } = await countingSockets(async () => connect(link.port, '127.0.0.1'));
  await expect.poll(server.open).toBe(1);
  expect(open()).toBe(1);
  socket.destroy();
  expect(open()).toBe(0);
});

it('knows how often a file is open', () => {
  const file = join(temporaryDir(), 'file');
  writeFileSync(file, '');
  expect(timesOpen(file)).toBe(0);
  const descriptors = [openSync(file, 'r'), openSync(file, 'r')];
  expect(timesOpen(file)).toBe(2);
  descriptors.forEach((descriptor) => void closeSync(descriptor));
});
