import { chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  deliver,
  has,
  isRoot,
  makeFile,
  type Sshd,
  sha256OfFile,
  startBadLink,
  startDelayedLink,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;
const extensions = 'posix-rename,statvfs,fstatvfs,hardlink,fsync,lsetstat,limits,expand-path,copy-data,home-directory';

describe.runIf(has('sshd') && isRoot())('a delivery over SFTP', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw.bin');
  const sizeBytes = 24 * mib + 1;
  beforeAll(() => makeFile(firmware, sizeBytes));

  async function start(options: Parameters<typeof startSshd>[0]): Promise<Sshd> {
    const sshd = await startSshd(options);
    onTestFinished(() => sshd.stop());
    return sshd;
  }
  async function expectWhole(path: string): Promise<void> {
    expect(await sha256OfFile(path)).toBe(await sha256OfFile(firmware));
    expect(readdirSync(join(path, '..'))).toEqual(['fw.bin']);
  }

  it('comes whole to a server without extensions', async () => {
    const sshd = await start({ sftp: false, config: [`Subsystem sftp internal-sftp -P ${extensions}`] });
    const path = join(sshd.user.home, 'x', 'fw.bin');
    expect(await deliver(sshd, firmware, path, { method: 'sftp' })).toMatchObject({ message: null });
    await expectWhole(path);
  });

  it('comes whole to a server that ends over a packet longer than every server takes', async () => {
    const server = join(dir, 'strict-sftp-server');
    writeFileSync(server, strictServer, { mode: 0o755 });
    const sshd = await start({ sftp: false, config: [`Subsystem sftp ${server}`] });
    const path = join(sshd.user.home, 'x', 'fw.bin');
    expect(await deliver(sshd, firmware, path, { method: 'sftp' })).toMatchObject({ message: null });
    await expectWhole(path);
  });

  it('says that a server talks nonsense, and takes the shell instead', async () => {
    const sshd = await start({ sftp: false, config: ['Subsystem sftp echo Welcome to this device, dear user'] });
    const path = join(sshd.user.home, 'x', 'fw.bin');
    expect(await deliver(sshd, firmware, path, { method: 'sftp' })).toMatchObject({ errorCode: 'DEVICE_ERROR' });
    expect(await deliver(sshd, firmware, path)).toMatchObject({ message: null, transfer: { method: 'exec' } });
    await expectWhole(path);
  });

  describe('over a long round trip', () => {
    const sessions = (sshd: Sshd) => sshd.log().match(/Starting session: subsystem 'sftp'/g)?.length;

    async function far(port: number): Promise<number> {
      const link = await startDelayedLink(port, 40);
      onTestFinished(() => link.close());
      return link.port;
    }

    it('takes several channels of the connection', async () => {
      const sshd = await start({ config: ['LogLevel VERBOSE'] });
      const path = join(sshd.user.home, 'x', 'fw.bin');
      expect(await deliver({ ...sshd, port: await far(sshd.port) }, firmware, path)).toMatchObject({
        ...{ message: null, bytesSent: sizeBytes },
      });
      expect(sessions(sshd)).toBeGreaterThan(1);
      await expectWhole(path);
    });

    it.each([1, 2, 4])('is content with MaxSessions %i', async (most) => {
      const sshd = await start({ config: [`MaxSessions ${most}`] });
      const path = join(sshd.user.home, 'x', 'fw.bin');
      expect(await deliver({ ...sshd, port: await far(sshd.port) }, firmware, path)).toMatchObject({ message: null });
      await expectWhole(path);
    });

    it('goes on after a cut with what is right, whatever holes the channels left', async () => {
      const sshd = await start({});
      const path = join(sshd.user.home, 'x', 'fw.bin');
      const cut = await startBadLink(await far(sshd.port), 'cut', 16 * mib);
      onTestFinished(() => cut.close());
      const port = Number(cut.address.split(':').at(-1));
      expect(await deliver({ ...sshd, port }, firmware, path)).toMatchObject({ errorCode: 'CONNECTION_LOST' });
      const resumed = await deliver(sshd, firmware, path);
      expect(resumed).toMatchObject({ message: null });
      expect(resumed.transfer?.resumedFrom).toBeGreaterThan(0);
      expect(resumed.bytesSent).toBe(sizeBytes - (resumed.transfer?.resumedFrom ?? 0));
      await expectWhole(path);
    });

    it('builds upon no byte after a hole', async () => {
      const sshd = await start({});
      const path = join(sshd.user.home, 'x', 'fw.bin');
      const left = readFileSync(firmware);
      left.fill(0, 9 * mib + 5, 10 * mib);
      mkdirSync(join(path, '..'));
      const part = `${path}.${(await sha256OfFile(firmware)).slice(0, 12)}.part`;
      writeFileSync(part, left.subarray(0, 20 * mib));
      for (const made of [join(path, '..'), part]) chownSync(made, sshd.user.uid, sshd.user.gid);
      const resumed = await deliver({ ...sshd, port: await far(sshd.port) }, firmware, path);
      expect(resumed).toMatchObject({ message: null, transfer: { resumedFrom: 9 * mib } });
      expect(statSync(path).size).toBe(sizeBytes);
      await expectWhole(path);
    });
  });
});

/** OpenSSH's sftp-server without extensions, behind a door for packets of 34000 bytes (draft-02, 3). */
const strictServer = `#!/usr/bin/perl
open(my $server, '|-', '/usr/lib/openssh/sftp-server', '-P', '${extensions}') or exit 1;
select($server);
$| = 1;
while (read(STDIN, my $length, 4) == 4) {
  my $bytes = unpack('N', $length);
  exit 1 if $bytes > 34000;
  read(STDIN, my $packet, $bytes);
  print $server $length, $packet;
}
`;
