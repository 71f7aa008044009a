import { z } from 'zod';
import { parseAddress } from './address.ts';
import { profileName } from './profile-name.ts';

/** One host on the way to a device. */
export interface Hop {
  host: string;
  port: number;
  /** When left out, the user of the credential. */
  username: string | undefined;
  /** Name of a stored credential; when left out, those of the device. */
  credential: string | undefined;
}

/** A longer way is a mistake. */
const mostHops = 8;
const sshPort = 22;

const hopText = z
  .string()
  .max(2_000)
  .superRefine((text, context) => {
    for (const hop of text.split(',').map(readHop)) if (typeof hop === 'string') context.addIssue(hop);
  });

const hopObject = z.strictObject({
  host: z.string().superRefine((host, context) => {
    const at = parseAddress(host);
    if (typeof at === 'string') context.addIssue(at);
    else if (at.port !== undefined) context.addIssue('give the port of the jump host in "port"');
  }),
  port: z.int().min(1).max(65535).default(sshPort),
  username: z.string().min(1).max(200).optional(),
  credential: profileName.optional(),
});

const hop = z.union([hopText, hopObject]);

/**
 * `[user@]host[:port]`, several with commas between them as in `ssh -J`; or an object, which can name a credential of its
 * own; or a list of both.
 */
export const jumpHost = z.union([hop, z.array(hop).min(1, 'name at least one jump host').max(mostHops)], {
  error: (issue) => ownWords(issue as Issue) ?? forms,
});
export type JumpHost = z.infer<typeof jumpHost>;

const forms = 'give [user@]host[:port], several with commas between, or {"host", "port", "username", "credential"}';

interface Issue {
  code?: string;
  message?: string;
  errors?: Issue[][];
}

/** What this file says of a value that fits none of the forms. */
function ownWords({ code, message, errors = [] }: Issue): string | undefined {
  return code === 'custom'
    ? message
    : errors
        .flat()
        .map(ownWords)
        .find((words) => words !== undefined);
}

/** The hosts to pass through, in order. */
export function hopsOf(given: JumpHost | undefined): Hop[] {
  return [given ?? []].flat().flatMap((hop): Hop[] => {
    if (typeof hop === 'string')
      return hop
        .split(',')
        .map(readHop)
        .filter((one) => typeof one !== 'string');
    return [{ username: undefined, credential: undefined, ...hop, host: bareHost(hop.host) }];
  });
}

/** Reads `[user@]host[:port]`; a string says what is wrong with it. */
function readHop(text: string): Hop | string {
  const [, username, address = ''] = /^(?:([^@]+)@)?(.*)$/.exec(text.trim()) ?? [];
  const at = parseAddress(address);
  if (typeof at === 'string') return `the jump host "${text.trim()}" cannot be used: ${at}`;
  return { host: at.host, port: at.port ?? sshPort, username, credential: undefined };
}

function bareHost(address: string): string {
  const at = parseAddress(address);
  return typeof at === 'string' ? address : at.host;
}
