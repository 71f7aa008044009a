import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';

/** Tells the device what the content hashes to (RFC 9530, 2), and once more as small devices compare it. */
export function digestHeaders(sha256: string): OutgoingHttpHeaders {
  return {
    'content-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    'x-checksum-sha256': sha256,
  };
}

/** The SHA-256, in lower-case hexadecimal, that a header gives of the file at a path; `undefined` when none does. */
export function digestIn(headers: IncomingHttpHeaders): string | undefined {
  const plain = /^\s*([0-9a-f]{64})\s*$/i.exec(String(headers['x-checksum-sha256'] ?? ''))?.[1];
  if (plain !== undefined) return plain.toLowerCase();
  const fields = ['repr-digest', 'content-digest', 'digest'].map((name) => String(headers[name] ?? ''));
  // RFC 9530 has the value between colons, its forerunner RFC 3230 has none.
  const [, base64] = fields.map((text) => /(?:^|[,\s])sha-256=:?([A-Za-z0-9+/]{43}=)/i.exec(text)).find(Boolean) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}

/**
 * The SHA-256 an upload's answer gives of what was stored: by `X-Checksum-SHA256`, or as `sha256` of a JSON object.
 * The answer's other digest headers are of the answer (RFC 9530, 2).
 */
export function storedDigestIn({ headers, text }: Answer): string | undefined {
  const field = headers['x-checksum-sha256'];
  const found = typeof field === 'string' ? digestIn({ 'x-checksum-sha256': field }) : undefined;
  return found ?? sha256InJson(text);
}

function sha256InJson(text: string): string | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const { sha256 } = JSON.parse(text) as { sha256?: unknown };
    return typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256) ? sha256.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}
