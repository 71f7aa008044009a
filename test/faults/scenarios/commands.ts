import { onTestFinished } from 'vitest';
import { type Device, sshDevice } from '../devices.ts';
import { at, type Bench, impatient, overLink, type Scenario, sshdInstead } from './scenario.ts';
import { makeSftpServer } from './sftp-server.ts';
import { startStatuslessServer } from './statusless-server.ts';

const verifiedBy =
  (verify: (device: Device) => string): Scenario =>
  (device) => ({ ssh: { commands: { verify: verify(device) } } });

/** A device over exec that never says how the commands ended in which `word` occurs. */
async function statuslessInstead({ firmware, sshd }: Bench, word: string): Promise<Device> {
  const server = await startStatuslessServer(sshd.hostKey, (command) => command.includes(word));
  onTestFinished(() => server.close());
  return sshDevice({ ...sshd, port: server.port }, 'exec', `statusless-${server.port}`, firmware);
}

export const commands = {
  'a verify command that fails': verifiedBy(() => 'echo signature is not right; exit 1'),
  'a verify command that hangs': () => ({ ...impatient, ssh: { commands: { verify: 'sleep 600' } } }),
  'a verify command that prints 100 MB': () => ({
    timeouts: { commandMs: 60_000 },
    ssh: { commands: { verify: 'head -c 100000000 /dev/zero | tr "\\0" x' } },
  }),
  'a verify command that changes the file': verifiedBy(({ finalPath }) => `echo other > ${finalPath}`),
  'an activate command that fails': ({ finalPath, marker }) => ({
    ssh: { commands: { activate: `sha256sum < ${finalPath} > ${marker}; exit 3` } },
  }),
  'an activate command that the reboot kills': ({ finalPath, marker, versionFile }) => {
    const install = `sha256sum < ${finalPath} > ${marker}; echo version=2.0 > ${versionFile}`;
    return {
      confirmation: { version: '2.0', rebootExpected: true, timeoutMs: 20_000 },
      ssh: { commands: { activate: `${install}; sh -c 'kill -TERM $$'; exit $?` } },
    };
  },
  'silence in the rollback': overLink((link) => ({
    ...impatient,
    ...at('rollingBack', link.silence),
    ssh: { commands: { activate: 'exit 3', rollback: 'true' } },
  })),
  'a channel that is closed without a status during the transfer': async (device, bench) => ({
    instead:
      device.transport === 'exec'
        ? await statuslessInstead(bench, 'cat > ')
        : await sshdInstead(device, bench, { sftp: false, config: [`Subsystem sftp ${endingSftpServer(bench)}`] }),
  }),
  'a verify command that ends without a status': async (_, bench) => ({
    instead: await statuslessInstead(bench, 'flash-check'),
    ssh: { commands: { verify: 'true flash-check' } },
  }),
} satisfies Record<string, Scenario>;

/** An sftp-server that ends at its third WRITE. */
const endingSftpServer = (bench: Bench) =>
  makeSftpServer(bench, 'ending-sftp-server', 'exit 0 if ord($packet) == 6 && ++$writes == 3;');
