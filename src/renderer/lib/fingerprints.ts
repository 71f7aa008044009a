/** The fingerprints a message speaks of, as `ssh-keygen -l` prints them: 32 bytes in unpadded base64. */
export function fingerprintsIn(message: string | null): string[] {
  return message?.match(/SHA256:[A-Za-z0-9+/]{43}/g) ?? [];
}
