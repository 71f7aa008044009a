/** What a square shows that was visited 0, 1, 2, … times; the last is for all that were visited more often. */
const marks = ' .o+=*BOX@%&#/^';
const columns = 17;
const rows = 9;

const clamp = (value: number, limit: number) => Math.max(0, Math.min(limit - 1, value));

/**
 * The picture of a key that `ssh-keygen -lv` and `ssh -o VisualHostKey=yes` draw (sshkey.c, fingerprint_randomart), so that
 * eyes can compare two keys.
 * @param fingerprint `SHA256:…` in unpadded base64
 * @param title stands in its upper edge in brackets, such as `ED25519 256`; one that is too long loses its last word
 */
export function randomart(fingerprint: string, title: string): string {
  const visits = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const start = { x: (columns - 1) / 2, y: (rows - 1) / 2 };
  let { x, y } = start;
  for (const step of stepsOf(fingerprint)) {
    x = clamp(x + (step & 1 ? 1 : -1), columns);
    y = clamp(y + (step & 2 ? 1 : -1), rows);
    const row = visits[y] as number[];
    row[x] = Math.min(marks.length - 1, (row[x] ?? 0) + 1);
  }
  const lines = visits.map((row) => row.map((count) => marks[count] ?? ' '));
  (lines[start.y] as string[])[start.x] = 'S';
  (lines[y] as string[])[x] = 'E';
  return [edge(fitting(title)), ...lines.map((line) => `|${line.join('')}|`), edge('[SHA256]')].join('\n');
}

/** Two bits each, the lowest of each byte first. */
function stepsOf(fingerprint: string): number[] {
  const bytes = atob(fingerprint.slice(fingerprint.indexOf(':') + 1));
  return [...bytes].flatMap((byte) => [0, 2, 4, 6].map((shift) => (byte.charCodeAt(0) >> shift) & 3));
}

function fitting(title: string): string {
  const candidates = [title, title.split(' ').slice(0, -1).join(' ')].filter((one) => one !== '');
  return candidates.map((one) => `[${one}]`).find((one) => one.length <= columns) ?? '';
}

function edge(text: string): string {
  const before = '-'.repeat((columns - text.length) / 2);
  return `+${(before + text).padEnd(columns, '-')}+`;
}

/** What the picture of a host's key has in its edge, as far as the type tells: `ED25519 256` for `ssh-ed25519`. */
export function randomartTitle(keyType: string): string {
  if (keyType === 'ssh-ed25519') return 'ED25519 256';
  const curve = /^ecdsa-sha2-nistp(\d+)$/.exec(keyType)?.[1];
  if (curve !== undefined) return `ECDSA ${curve}`;
  return keyType.replace(/^ssh-/, '').toUpperCase();
}
