import { credentialsOf, type JumpHost, type Profile, profile } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';

type Kind = 'text' | 'whole' | 'seconds' | 'KiB';
interface FieldSpec {
  kind: Kind;
  /** Both, when left out. */
  of?: Profile['transport'];
}

/** The fields of a profile that a line of text stands for, by their path in it. Empty ones are left out. */
const specs = {
  port: { kind: 'whole' },
  username: { kind: 'text' },
  method: { kind: 'text', of: 'ssh' },
  remotePath: { kind: 'text', of: 'ssh' },
  fileMode: { kind: 'text', of: 'ssh' },
  fileOwner: { kind: 'text', of: 'ssh' },
  delta: { kind: 'text', of: 'ssh' },
  compress: { kind: 'text', of: 'ssh' },
  preflightCommand: { kind: 'text', of: 'ssh' },
  versionCommand: { kind: 'text', of: 'ssh' },
  versionPattern: { kind: 'text', of: 'ssh' },
  verifyCommand: { kind: 'text', of: 'ssh' },
  activateCommand: { kind: 'text', of: 'ssh' },
  rollbackCommand: { kind: 'text', of: 'ssh' },
  confirmTimeoutMs: { kind: 'seconds' },
  rateLimitBytesPerSecond: { kind: 'KiB' },
  'timeouts.connectMs': { kind: 'seconds' },
  'timeouts.commandMs': { kind: 'seconds' },
  'timeouts.transferMs': { kind: 'seconds' },
  'timeouts.keepaliveMs': { kind: 'seconds' },
  'http.method': { kind: 'text', of: 'http' },
  'http.path': { kind: 'text', of: 'http' },
  'http.body': { kind: 'text', of: 'http' },
  'http.field': { kind: 'text', of: 'http' },
  'http.auth': { kind: 'text', of: 'http' },
  'http.verify': { kind: 'text', of: 'http' },
  'http.healthPath': { kind: 'text', of: 'http' },
  'http.versionPath': { kind: 'text', of: 'http' },
  'http.versionPattern': { kind: 'text', of: 'http' },
} as const satisfies Record<string, FieldSpec>;
export type ProfileField = keyof typeof specs;
const fields = Object.entries(specs) as [ProfileField, FieldSpec][];

/** What one unit of the form is in the profile. */
const scales: Record<Exclude<Kind, 'text'>, number> = { whole: 1, seconds: 1_000, KiB: 1_024 };

/** How the device's certificate is judged; `known` as host keys are, `none` over plain HTTP. */
export type TlsChoice = 'none' | 'known' | 'ca' | 'pin';

/** A profile as a person fills it in. */
export interface ProfileDraft {
  name: string;
  transport: Profile['transport'];
  text: Record<ProfileField, string>;
  /** In the order they are tried. */
  credentials: string[];
  /** `[user@]host[:port]`, or JSON where a host has a credential of its own. */
  jumpHost: string;
  legacyAlgorithms: boolean;
  rebootExpected: boolean;
  requireSignature: boolean;
  resume: boolean;
  /** `Name: value`, one a line. */
  headers: string;
  tls: TlsChoice;
  ca: string;
  pin: string;
  serverName: string;
}

/** @param given the profile to begin with; what a new one has by itself, when left out */
export function draftOf(name: string, given: Profile = profile.parse({})): ProfileDraft {
  const tls = given.http?.tls;
  // The other transport's fields begin with what they have by themselves, should it be switched.
  const http = { ...profile.parse({ transport: 'http' }).http, ...given.http };
  const text = Object.fromEntries(
    fields.map(([path, { kind }]) => [path, textOf(valueAt({ ...given, http }, path), kind)]),
  ) as Record<ProfileField, string>;
  return {
    ...{ name, transport: given.transport, text, credentials: credentialsOf(given) },
    jumpHost: jumpText(given.jumpHost),
    legacyAlgorithms: given.legacyAlgorithms,
    rebootExpected: given.rebootExpected,
    requireSignature: given.requireSignature,
    resume: http.resume ?? false,
    headers: Object.entries(http.headers ?? {})
      .map(([header, value]) => `${header}: ${value}`)
      .join('\n'),
    tls: !tls ? 'none' : tls.ca !== undefined ? 'ca' : tls.pin !== undefined ? 'pin' : 'known',
    ...{ ca: tls?.ca ?? '', pin: tls?.pin ?? '', serverName: tls?.serverName ?? '' },
  };
}

/** The profile as the model is to check it: numbers that are none stay text. */
export function inputOf(draft: ProfileDraft): Record<string, unknown> {
  const { transport, credentials, rebootExpected, requireSignature } = draft;
  const input: Record<string, unknown> = { transport, rebootExpected, requireSignature };
  if (credentials.length > 0) input.credential = credentials.length === 1 ? credentials[0] : [...credentials];
  for (const [path, { kind, of }] of fields) {
    const text = path.endsWith('Pattern') ? draft.text[path] : draft.text[path].trim();
    if (text === '' || (of !== undefined && of !== transport)) continue;
    put(input, path, kind === 'text' ? text : numberOf(text, kind));
  }
  if (transport === 'ssh') {
    input.legacyAlgorithms = draft.legacyAlgorithms;
    if (draft.jumpHost.trim() !== '') input.jumpHost = readJumpHost(draft.jumpHost.trim());
    return input;
  }
  if (draft.resume) put(input, 'http.resume', true);
  if (draft.headers.trim() !== '') put(input, 'http.headers', readHeaders(draft.headers));
  if (draft.tls !== 'none') put(input, 'http.tls', tlsOf(draft));
  return input;
}

export type ProfileProblems = Record<string, string>;

/** The profile, or what is wrong with it, by the path of the field. */
export function checkDraft(draft: ProfileDraft): { profile: Profile } | { problems: ProfileProblems } {
  const parsed = profile.safeParse(inputOf(draft));
  if (parsed.success) return { profile: parsed.data };
  const problems: ProfileProblems = {};
  for (const issue of parsed.error.issues) {
    const path = issue.path.join('.');
    problems[path] ??= messageFor(path, issue);
  }
  return { problems };
}

/** What is wrong with a field, or with something in it. */
export function problemAt(problems: ProfileProblems, path: string): string | undefined {
  return problems[path] ?? Object.entries(problems).find(([at]) => at.startsWith(`${path}.`))?.[1];
}

interface Issue {
  code?: string | undefined;
  message: string;
  minimum?: unknown;
  maximum?: unknown;
}

/** Bounds are said in the unit of the form. */
function messageFor(path: string, { code, message, minimum, maximum }: Issue): string {
  const kind: Kind | undefined = Object.hasOwn(specs, path) ? specs[path as ProfileField].kind : undefined;
  if (kind === undefined || kind === 'text') return message;
  const words = t().profiles.problems;
  if (code === 'invalid_type') return kind === 'whole' ? words.whole : words.number;
  if (code === 'too_small') return words.atLeast(textOf(minimum, kind));
  return code === 'too_big' ? words.atMost(textOf(maximum, kind)) : message;
}

function textOf(value: unknown, kind: Kind): string {
  if (value === undefined) return '';
  return kind === 'text' ? String(value) : String(Number(value) / scales[kind]);
}

function numberOf(text: string, kind: Exclude<Kind, 'text'>): number | string {
  const number = Number(text.replace(',', '.'));
  if (Number.isNaN(number)) return text;
  return kind === 'whole' ? number : Math.round(number * scales[kind]);
}

function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

function put(object: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', rest] = path.split('.');
  if (rest === undefined) object[first] = value;
  else object[first] = { ...(object[first] as object), [rest]: value };
}

function jumpText(jumpHost: JumpHost | undefined): string {
  if (jumpHost === undefined) return '';
  const hops = [jumpHost].flat();
  const isPlain = hops.every((hop) => typeof hop === 'string');
  return isPlain ? hops.join(',') : JSON.stringify(jumpHost);
}

function readJumpHost(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // An IPv6 address begins with a bracket as well.
    return text;
  }
}

/** A line without a colon is a header without a value, which the model judges. */
function readHeaders(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

function tlsOf({ tls, ca, pin, serverName }: ProfileDraft): Record<string, string> {
  if (tls === 'pin') return { pin: pin.trim() };
  return tls === 'ca' ? { ca, ...(serverName.trim() !== '' && { serverName: serverName.trim() }) } : {};
}
