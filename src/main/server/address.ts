import { hostname, networkInterfaces } from 'node:os';

const wildcards = new Set(['0.0.0.0', '::']);

/** Puts an IPv6 address into the brackets a URL and a `Host` header want (RFC 3986, 3.2.2). */
function inBrackets(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** This machine's addresses now: a laptop changes networks while Pushrod runs. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.map((address) => address.address.split('%')[0] ?? '');
}

function ownNames(): string[] {
  const name = hostname().toLowerCase();
  return [name, `${name}.local`];
}

/**
 * Whether a `Host` header names this server. A page of a stranger whose name was rebound to our address
 * (DNS rebinding) sends its own name, and is found out here.
 */
export function isOwnHost(header: string | undefined, boundHost: string, port: number): boolean {
  if (header === undefined) return false;
  const names = [boundHost, 'localhost', '127.0.0.1', '::1'];
  if (wildcards.has(boundHost)) names.push(...ownAddresses(), ...ownNames());
  const authorities = names.map((name) => `${inBrackets(name)}:${port}`);
  // A browser leaves out the port that is its scheme's own.
  if (port === 80) authorities.push(...names.map(inBrackets));
  return authorities.includes(header.toLowerCase());
}

/** Whether a request came from a page of this server, or from no page at all (then there is no `Origin`). */
export function isOwnOrigin(origin: string | undefined, hostHeader: string | undefined): boolean {
  return origin === undefined || origin.toLowerCase() === `http://${hostHeader?.toLowerCase()}`;
}

/** The address to hand out: of a server on every interface, one that other machines reach too. */
export function baseUrl(boundHost: string, port: number): string {
  if (!wildcards.has(boundHost)) return `http://${inBrackets(boundHost)}:${port}`;
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((address) => address.family === 'IPv4' && !address.internal);
  return `http://${outside?.address ?? '127.0.0.1'}:${port}`;
}
