import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, vi } from 'vitest';
import { freePort, startBadLink } from '../../harness/index.ts';
import type { Device, PushOptions } from '../devices.ts';
import { at, impatient, overLink, type Scenario } from './scenario.ts';

/** Pushes over a link that goes bad once so many bytes have passed. */
const overLinkThat =
  (how: 'cut' | 'freeze', afterBytes: number, options: PushOptions = {}): Scenario =>
  async ({ port }) => {
    const link = await startBadLink(port, how, afterBytes);
    onTestFinished(() => link.close());
    return { port: link.port, ...options };
  };

/** Version 2.0 has to be reported. */
const confirmed = (timeoutMs: number, rebootExpected = false) => ({
  confirmation: { version: '2.0', rebootExpected, timeoutMs },
});

/** The device activates until its connection ends: as it says that it runs `version`, `act` is called. */
function reboots({ versionFile, finalPath, marker }: Device, version: string, act: () => void): PushOptions {
  const says = `version=${version}`;
  const activate = `sha256sum < ${finalPath} > ${marker}; echo ${says} rebooting > ${versionFile}; sleep 600`;
  const hasBegun = () => expect(readFileSync(versionFile, 'utf8')).toContain(`${says} rebooting`);
  return {
    ...at('activating', () => vi.waitFor(hasBegun, { timeout: 10_000 }).then(act, () => undefined)),
    ssh: { commands: { activate } },
  };
}

const runs = ({ versionFile }: Device, version: string) => writeFileSync(versionFile, `version=${version}\n`);

export const links = {
  'the connection is refused': async () => ({ port: await freePort() }),
  'a reset during the handshake': overLinkThat('cut', 100),
  'a reset before the first byte': overLink((link) => at('transferring', link.cut)),
  'a reset after 1 byte': overLink((link) => at('transferring', () => link.cutAfter(1))),
  'a reset at 50 %': overLink((link, _, { sizeBytes }) => at('transferring', () => link.cutAfter(sizeBytes / 2))),
  'a reset after the last byte': overLink((link, _, { sizeBytes }) => ({
    onProgress: (bytesSent) => void (bytesSent === sizeBytes && link.cut()),
  })),
  'a reset in the verification': overLink((link) => at('verifying', link.cut)),
  'a reset as the activation begins': overLink((link) => at('activating', link.cut)),
  'silence from the beginning': overLinkThat('freeze', 0, impatient),
  'silence during the login': overLinkThat('freeze', 1_600, impatient),
  'silence before TLS': overLinkThat('freeze', 0, { ...impatient, http: { http: { tls: {} } } }),
  'silence in the preflight': overLink((link) => ({ ...impatient, ...at('preflight', link.silence) })),
  'silence in the transfer': overLink((link) => ({ ...impatient, onProgress: link.silence })),
  'silence in the verification': overLink((link) => ({ ...impatient, ...at('verifying', link.silence) })),
  'silence as the activation begins': overLink((link) => ({ ...impatient, ...at('activating', link.silence) })),
  'silence after the activation': overLink((link) => ({ ...confirmed(3_000), ...at('confirming', link.silence) })),
  'a connection left half-open by the reboot': overLink((link, device) => {
    const overHttp = at('confirming', () => {
      runs(device, '2.0');
      link.freeze();
    });
    const options = { ...confirmed(30_000, true), timeouts: { keepaliveMs: 200, commandMs: 60_000 } };
    return { ...options, ...(device.transport === 'http' ? overHttp : reboots(device, '2.0', link.freeze)) };
  }),
  'a device that comes back with the old version': overLink((link, device) => {
    if (device.transport === 'http') return { ...confirmed(2_000), ...at('confirming', link.cut) };
    return { ...confirmed(3_000, true), timeouts: { commandMs: 60_000 }, ...reboots(device, '1.0', link.cut) };
  }),
  'a device that never comes back': overLink((link, device) => {
    if (device.transport === 'http') return { ...confirmed(2_000), ...at('confirming', link.close) };
    return { ...confirmed(3_000, true), timeouts: { commandMs: 60_000 }, ...reboots(device, '2.0', link.close) };
  }),
} satisfies Record<string, Scenario>;
