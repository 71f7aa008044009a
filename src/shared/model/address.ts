/** Where a device listens: a host name, IPv4 or IPv6 address, and a port if the address names one. */
export interface HostPort {
  host: string;
  port: number | undefined;
}

const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;
/** With a zone (RFC 4007, 11.2), which is the name of an interface of this laptop. */
const ipv6 = /^[0-9a-f:.]+(%[\w.-]{1,32})?$/i;

/**
 * Reads `host`, `host:port`, `::1`, `[::1]` or `[::1]:22` (RFC 3986 brackets).
 * @returns the parts, or one sentence saying what is wrong
 */
export function parseAddress(address: string): HostPort | string {
  const text = address.trim();
  if (text === '') return 'address is empty; give a host name or IP address, such as 192.0.2.10 or 192.0.2.10:22';
  if (text.includes('/')) return `"${text}" is not an address; give the host only, without protocol or path`;
  const bracketed = /^\[([^\]]+)\](?::(.*))?$/.exec(text);
  if (bracketed) return withPort(bracketed[1] ?? '', bracketed[2], isIpv6);
  if (text.split(':').length > 2) return withPort(text, undefined, isIpv6);
  const [host = '', port] = text.split(':');
  return withPort(host, port, isNameOrIpv4);
}

/** Writes host and port so that {@link parseAddress} reads them back. */
export function formatAddress(host: string, port: number | undefined): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

function withPort(host: string, portText: string | undefined, isHost: (host: string) => boolean): HostPort | string {
  if (!isHost(host)) return `"${host}" is not a host name, IPv4 or IPv6 address`;
  if (portText === undefined) return { host, port: undefined };
  const port = /^[1-9]\d{0,4}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65535) return `port "${portText}" is not a number from 1 to 65535`;
  return { host, port };
}

function isIpv6(host: string): boolean {
  if (!ipv6.test(host)) return false;
  try {
    new URL(`http://[${host.split('%')[0]}]/`);
    return true;
  } catch {
    return false;
  }
}

function isNameOrIpv4(host: string): boolean {
  // What ends in a number is read as an IPv4 address everywhere (WHATWG URL, 3.5); there is one way to write it here.
  if (/(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(host)) {
    const parts = host.split('.');
    return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  }
  return hostName.test(host);
}
