import { describe, expect, it } from 'vitest';
import type { Device, Sha256, UpdateFirmware } from '../../shared/model/index.ts';
import { skipReason } from './skip-reason.ts';

const sha256 = 'a'.repeat(64) as Sha256;
const firmware: UpdateFirmware[] = [{ sha256, fileName: 'fw.bin', version: '2.0', sizeBytes: 8, signedBy: null }];
type Asked = Parameters<typeof skipReason>[0];

function codeFor(firmwareVersion: string | null, given: Partial<Asked> = {}) {
  const device = { name: 'gw-1', model: 'gw', firmwareVersion } as Device;
  const request = { force: false, allowDowngrade: false };
  return skipReason({
    request,
    firmware,
    stored: [],
    profile: { requireSignature: false },
    device,
    lastDelivered: () => undefined,
    ...given,
  })?.code;
}
const last = { sha256: [sha256 as string], firmwareVersion: 'v2.0.0' };

describe('a device is skipped', () => {
  it('that has these very bytes, said so after them, and still does', () => {
    expect(codeFor('2.0', { lastDelivered: () => last })).toBe('ALREADY_CURRENT');
    expect(
      codeFor('2.0', { lastDelivered: () => last, request: { force: true, allowDowngrade: false } }),
    ).toBeUndefined();
  });

  it.each([
    ['other bytes under the same version', '2.0', { ...last, sha256: ['b'.repeat(64)] }],
    ['a part of the bundle only', '2.0', { ...last, sha256: [sha256, 'b'.repeat(64)] }],
    ['another version since', '1.0', last],
    ['not asked which version it runs', '2.0', { ...last, firmwareVersion: null }],
    ['never pushed to', '2.0', undefined],
  ])('but not with %s', (_, runs, lastDelivered) =>
    expect(codeFor(runs, { lastDelivered: () => lastDelivered })).toBeUndefined(),
  );

  it('that runs a newer version, unless a downgrade is wanted', () => {
    expect(codeFor('2.0.1')).toBe('DOWNGRADE_REFUSED');
    expect(codeFor('2.0.1', { request: { force: false, allowDowngrade: true } })).toBeUndefined();
    expect(codeFor(null)).toBeUndefined();
  });

  it('whose model the firmware is not for, whatever else is wanted', () => {
    const stored = [{ fileName: 'fw.bin', models: ['cam'], signature: null }];
    expect(codeFor('1.0', { stored, request: { force: true, allowDowngrade: true } })).toBe('MODEL_MISMATCH');
    expect(codeFor('1.0', { stored: [{ fileName: 'fw.bin', models: ['GW'], signature: null }] })).toBeUndefined();
  });

  it('whose profile wants signed firmware, where this is not signed by somebody who is trusted', () => {
    const profile = { requireSignature: true };
    const signature = { keyId: '0123456789ABCDEF', signer: 'maker', trustedComment: '' };
    const stored = (given: typeof signature | { signer: null; keyId: string; trustedComment: string } | null) => [
      { fileName: 'fw.bin', models: [], signature: given },
    ];
    const force = { force: true, allowDowngrade: true };
    expect(codeFor(null, { profile, stored: stored(null), request: force })).toBe('SIGNATURE_INVALID');
    expect(codeFor(null, { profile, stored: stored({ ...signature, signer: null }) })).toBe('SIGNATURE_INVALID');
    expect(codeFor(null, { profile, stored: stored(signature) })).toBeUndefined();
    expect(codeFor(null, { stored: stored(null) })).toBeUndefined();
  });
});
