import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A self-signed certificate for loopback, as a device makes one for itself. */
export interface Certificate {
  file: string;
  keyFile: string;
  pem: string;
  /** As Pushrod writes it: `SHA256:…`, unpadded base64. */
  fingerprint: string;
  /** As `openssl x509 -fingerprint -sha256` prints it. */
  hexFingerprint: string;
}

export function makeCertificate(dir: string, name: string, { names = 'IP:127.0.0.1,IP:::1' } = {}): Certificate {
  const [file, keyFile] = [join(dir, `${name}.pem`), join(dir, `${name}.key`)];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`, '-days', '30'],
      ...['-keyout', keyFile, '-out', file],
    ],
    { stdio: 'ignore' },
  );
  const pem = readFileSync(file, 'utf8');
  const { fingerprint256 } = new X509Certificate(pem);
  const base64 = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64');
  return {
    ...{ file, keyFile, pem },
    fingerprint: `SHA256:${base64.replace(/=+$/, '')}`,
    hexFingerprint: fingerprint256,
  };
}
