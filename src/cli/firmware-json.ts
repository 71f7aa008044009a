import type { Firmware } from '../shared/model/index.ts';

/** A firmware in CLI.md's shape. */
export function firmwareJson({ sizeBytes, ...firmware }: Firmware) {
  return { ...firmware, size: sizeBytes };
}
