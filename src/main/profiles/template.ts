import { PushrodError } from '../../shared/errors.ts';
import { type Device, type Firmware, maxFileNameBytes } from '../../shared/model/index.ts';
import { shellQuote } from '../../shared/shell-quote.ts';

/**
 * What placeholders stand for. `remotePath` is known only once the path itself was expanded; it and `firmware` are not
 * where nothing is pushed.
 */
export interface TemplateValues {
  device: Pick<Device, 'id' | 'name' | 'model' | 'metadata'>;
  firmware?: Pick<Firmware, 'fileName' | 'version' | 'sha256' | 'sizeBytes'> | undefined;
  remotePath?: string | undefined;
}

const metadataPrefix = 'device.metadata.';
const placeholder = /\{([^{}\s]+)\}/g;

/**
 * Fills in a command. Each value is quoted as one word for a POSIX shell (XCU 2.2.2), so it cannot become syntax.
 * @throws PushrodError `INVALID_INPUT` for a placeholder that is unknown or empty
 */
export function expandCommand(template: string, values: TemplateValues): string {
  return expand(template, values, shellQuote);
}

/**
 * Fills in a remote path. A value stays one path segment: it cannot climb to another directory.
 * @throws PushrodError `INVALID_INPUT` for a placeholder that is unknown or empty, or a path that names no file
 */
export function expandPath(template: string, values: TemplateValues): string {
  const path = expand(template, values, (value, name) => {
    if (value.includes('/') || value === '.' || value === '..')
      throw invalid(template, `{${name}} is "${value}", not one path segment`);
    return value;
  });
  if (path.endsWith('/'))
    throw invalid(template, 'names a directory; end it with a file name, such as {firmware.fileName}');
  const nameBytes = Buffer.byteLength(path.slice(path.lastIndexOf('/') + 1));
  if (nameBytes > maxFileNameBytes) {
    throw invalid(
      template,
      `its file name is ${nameBytes} bytes long, over the ${maxFileNameBytes} a device has room for`,
    );
  }
  if (path.includes('\0') || path.includes('\n')) throw invalid(template, 'holds a line break or NUL');
  return path;
}

/**
 * Fills in the target of an HTTP request. A value stays one segment of the path, percent-encoded (RFC 3986, 2.1).
 * @throws PushrodError `INVALID_INPUT` for a placeholder that is unknown or empty
 */
export function expandUrlPath(template: string, values: TemplateValues): string {
  return expand(template, values, (value, name) => {
    if (value === '.' || value === '..') throw invalid(template, `{${name}} is "${value}", not one path segment`);
    return encodeURIComponent(value);
  });
}

/**
 * Fills in the value of an HTTP header. A value cannot end the header and begin another one (RFC 9110, 5.5).
 * @throws PushrodError `INVALID_INPUT` for a placeholder that is unknown or empty, or a line break
 */
export function expandHeader(template: string, values: TemplateValues): string {
  const header = expand(template, values, (value) => value);
  if (/\p{Cc}/u.test(header)) throw invalid(template, 'a header cannot hold line breaks or other control characters');
  return header;
}

function expand(template: string, values: TemplateValues, write: (value: string, name: string) => string): string {
  return template.replace(placeholder, (whole, name: string) => {
    const value = lookUp(name, values);
    // Shell syntax such as ${HOME} or {a,b} is the template's own.
    if (value === undefined) return whole;
    if (value === '') throw invalid(template, `{${name}} is empty for device "${values.device.name}"`);
    return write(value, name);
  });
}

function lookUp(name: string, { device, firmware, remotePath }: TemplateValues): string | undefined {
  if (name.startsWith(metadataPrefix)) {
    const key = name.slice(metadataPrefix.length);
    return Object.hasOwn(device.metadata, key) ? text(device.metadata[key] ?? '') : '';
  }
  if (!firmware && /^(firmware\.|remotePath$)/.test(name)) {
    throw invalid(`{${name}}`, 'it is known only while firmware is pushed');
  }
  switch (name) {
    case 'device.id':
      return device.id;
    case 'device.name':
      return device.name;
    case 'device.model':
      return device.model ?? '';
    case 'firmware.fileName':
      return firmware?.fileName;
    case 'firmware.version':
      return firmware?.version;
    case 'firmware.sha256':
      return firmware?.sha256;
    case 'firmware.size':
      return firmware && String(firmware.sizeBytes);
    case 'remotePath':
      return remotePath;
  }
  if (/^(device|firmware)\./.test(name)) throw invalid(`{${name}}`, 'is not a known placeholder');
  return undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function invalid(template: string, problem: string): PushrodError {
  return new PushrodError('INVALID_INPUT', `The profile's template ${template} cannot be used: ${problem}.`, [
    { field: 'profile', message: problem },
  ]);
}
