import type { Firmware, UpdateFirmware } from '../../shared/model/index.ts';

/** A firmware as it is when an update begins: proof for later, whatever the library says by then. */
export function asPushed({ sha256, fileName, version, sizeBytes, signature }: Firmware): UpdateFirmware {
  const isTrusted = signature?.signer != null;
  const signedBy = isTrusted ? `${signature.signer} (key ${signature.keyId}): ${signature.trustedComment}` : null;
  return { sha256, fileName, version, sizeBytes, signedBy };
}
