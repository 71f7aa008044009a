/** A file to push, and the signature that came along for it. */
export interface SignedFile<T> {
  file: T;
  signature: T | undefined;
}

const ending = /\.minisig$/i;

export const isSignature = ({ name }: { name: string }) => ending.test(name);

/**
 * Finds out which signature is for which file: by its name (`router.bin.minisig` is for `router.bin`), and where there are
 * one of each, they belong together.
 * @returns `loose` are signatures of none of these files
 */
export function withSignatures<T extends { name: string }>(
  given: readonly T[],
): { files: SignedFile<T>[]; loose: T[] } {
  const signatures = given.filter(isSignature);
  const plain = given.filter((file) => !isSignature(file));
  const isPair = signatures.length === 1 && plain.length === 1;
  const files = plain.map((file) => ({
    file,
    signature: isPair ? signatures[0] : signatures.find((one) => isFor(one, file)),
  }));
  return { files, loose: signatures.filter((one) => files.every(({ signature }) => signature !== one)) };
}

/** Whether a signature is named after a file. */
export function isFor(signature: { name: string }, file: { name: string }): boolean {
  return signature.name.replace(ending, '').toLowerCase() === file.name.toLowerCase();
}
