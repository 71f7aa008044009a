import { z } from 'zod';
import { pattern } from './pattern.ts';

/** A field name (RFC 9110, 5.1). */
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'not the name of an HTTP header');

/** What Pushrod says itself in every request; a second word on it would contradict the first. */
const ownHeaders = [
  ...['authorization', 'connection', 'content-digest', 'content-length', 'content-range', 'expect', 'host'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'x-checksum-sha256', 'x-device-id', 'x-device-name'],
];

const headers = z.record(headerName, z.string().max(4_096)).check(({ value, issues }) => {
  for (const name of Object.keys(value)) {
    if (!ownHeaders.includes(name.toLowerCase())) continue;
    const message =
      name.toLowerCase() === 'authorization'
        ? 'use "auth" and a credential instead'
        : 'Pushrod sends this header itself';
    issues.push({ code: 'custom', input: value, path: [name], message });
  }
});

/** The target of a request: an absolute path, perhaps with a query (RFC 9112, 3.2.1), in printable ASCII. */
const path = z
  .string()
  .max(4_096)
  .regex(/^\/(?!\/)[!-~]*$/, 'must be a path that begins with one "/"; percent-encode spaces and letters beyond ASCII')
  .refine((text) => !text.includes('#'), 'a path has no fragment; percent-encode "#" as %23');

/** SHA-256 of the certificate's DER: `SHA256:…` in base64, or hexadecimal as `openssl x509 -fingerprint -sha256` prints it. */
const certificateFingerprint = z
  .string()
  .regex(
    /^(SHA256:[A-Za-z0-9+/]{43}=?|([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})$/,
    'must be a SHA-256 fingerprint: SHA256:… or 64 hexadecimal digits',
  );

const tls = z
  .strictObject({
    /** Certificates of the authorities (PEM) that alone may vouch for the device. */
    ca: z
      .string()
      .max(256 * 1024)
      .includes('-----BEGIN CERTIFICATE-----', { error: 'must be a certificate in PEM form' })
      .optional(),
    /** The one certificate the device may show. */
    pin: certificateFingerprint.optional(),
    /** The name the certificate has to be for, where it is not the device's address. Only with `ca`. */
    serverName: z.string().min(1).max(253).optional(),
  })
  .refine(({ ca, pin }) => ca === undefined || pin === undefined, 'give either "ca" or "pin"')
  .refine(
    ({ ca, serverName }) => ca !== undefined || serverName === undefined,
    '"serverName" is compared only with "ca"',
  );

/** How a device takes firmware over HTTP. Placeholders in paths and headers are filled in for each device. */
export const httpProfile = z
  .strictObject({
    method: z.enum(['POST', 'PUT']).default('POST'),
    path: path.default('/update'),
    /** The bytes as they are, or as one file of a form (RFC 7578). */
    body: z.enum(['raw', 'multipart']).default('raw'),
    /** Name of the form's field that holds the file. */
    field: z.string().min(1).max(100).default('file'),
    headers: headers.default({}),
    /** How the credential is sent: user and password (RFC 7617), or its password as a token (RFC 6750). */
    auth: z.enum(['none', 'basic', 'bearer']).default('none'),
    /** HTTPS when given. Without `ca` and `pin`, the certificate is decided on as host keys are. */
    tls: tls.optional(),
    /**
     * What has to confirm the bytes. `status`: the device's own answer, 2xx; it is the device that verifies. `digest`: the
     * device's SHA-256 of what it stored. `readBack`: the bytes at the path, fetched again.
     */
    verify: z.enum(['status', 'digest', 'readBack']).default('status'),
    /** Asks the device how much of the firmware it holds already, and sends the rest. */
    resume: z.boolean().default(false),
    /** Has to answer 2xx before anything is sent. */
    healthPath: path.optional(),
    versionPath: path.optional(),
    /** A regular expression whose first group is the version in the answer; JSON's `version`, or all of it, without. */
    versionPattern: pattern.optional(),
  })
  .check(({ value, issues }) => {
    const refuse = (field: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [field], message });
    const isFile = value.method === 'PUT' && value.body === 'raw';
    if (value.verify === 'readBack' && !isFile) refuse('verify', '"readBack" needs method PUT and body "raw"');
    if (value.resume && !isFile) refuse('resume', 'going on needs method PUT and body "raw"');
    if (value.resume && value.verify === 'status') {
      refuse('resume', 'what was put together from parts has to be confirmed: set verify to "digest" or "readBack"');
    }
    if (value.versionPattern !== undefined && value.versionPath === undefined) {
      refuse('versionPattern', 'has no meaning without "versionPath"');
    }
  });
export type HttpProfile = z.infer<typeof httpProfile>;
