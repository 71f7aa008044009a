import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cliJson, has, makeFile, makeMinisignKey, runCli, setProfile, temporaryDir } from '../../test/harness/index.ts';
import type { PushForecast } from '../shared/model/index.ts';

it.runIf(has('minisign'))('a profile that wants signed firmware skips what is not, whatever is forced', async () => {
  const dir = temporaryDir();
  const dataDir = join(dir, 'data');
  const file = join(dir, 'gw-1.2.bin');
  makeFile(file, 10_000);
  const maker = makeMinisignKey(dir, 'maker');
  const signature = maker.sign(file, 'gw 1.2');
  await cliJson(dataDir, ['devices', 'add', '--name', 'gw', '--address', '127.0.0.1:1']);
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', 'root', '--password-stdin'], 'secret');
  await setProfile(dataDir, 'copy', { remotePath: '/srv/{firmware.fileName}', requireSignature: true });
  const add = ['firmware', 'add', file, '--version', '1.2'];
  const stranger = await runCli(dataDir, [...add, '--signature', signature, '--json']);
  expect([stranger.code, JSON.parse(stranger.stdout).error.code]).toEqual([2, 'SIGNATURE_INVALID']);
  expect(await cliJson(dataDir, ['firmware', 'list'])).toEqual({ firmware: [] });

  const { sha256 } = await cliJson<{ sha256: string }>(dataDir, add);
  const forecast = () =>
    cliJson<PushForecast>(dataDir, ['push', '--firmware', sha256, '--all', '--force', '--dry-run']);
  expect((await forecast()).devices).toMatchObject([
    {
      ...{ action: 'skip', errorCode: 'SIGNATURE_INVALID' },
      message: 'gw-1.2.bin is not signed, and "gw" takes signed firmware only.',
    },
  ]);
  await cliJson(dataDir, ['signers', 'add', 'maker', '--key', maker.publicKeyFile]);
  expect(await cliJson(dataDir, ['firmware', 'sign', sha256, '--signature', signature])).toMatchObject({
    signature: { signer: 'maker', trustedComment: 'gw 1.2' },
  });
  expect((await forecast()).devices).toMatchObject([{ action: 'push', errorCode: null }]);
  await cliJson(dataDir, ['signers', 'remove', 'maker']);
  expect((await forecast()).devices).toMatchObject([{ action: 'skip', errorCode: 'SIGNATURE_INVALID' }]);
});
