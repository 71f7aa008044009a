import type { ErrorCode } from '../../src/shared/errors.ts';

export const transports = ['sftp', 'exec', 'http'] as const;
export type Transport = (typeof transports)[number];

/** How a push ends that meets a fault. */
export type Ending = ErrorCode | 'success';

/** What lies at the final path afterwards, where the former firmware lay before; and whether it was activated. */
export const left = {
  old: 'the old file',
  new: 'the new file, verified, not activated',
  activated: 'the new file, verified and activated',
  nothing: 'nothing',
  directory: 'the directory that was there',
  placed: 'the new file, not verified',
  oldOrNew: 'the old file or the new one, whole',
} as const;
export type Left = keyof typeof left;

export interface Fault {
  name: string;
  /** Over the transports where it makes sense. */
  ends: Partial<Record<Transport, Ending>>;
  leaves: Left | Partial<Record<Transport, Left>>;
  /** The test that shows it, where it is not that of this table: a file of `test/`, and a title in it. */
  shownBy?: Partial<Record<Transport, readonly [file: string, title: string]>>;
}

const everywhere = (ending: Ending) => ({ sftp: ending, exec: ending, http: ending });
const overSsh = (ending: Ending) => ({ sftp: ending, exec: ending });
const besideSlow = ['faults/slow-device.test.ts', 'ends before the slow one does that takes 1 KB/s'] as const;

/** Every fault there is a promise for. Scenarios and `docs/faults.md` have them in this order. */
export const faults = [
  { name: 'the connection is refused', ends: everywhere('UNREACHABLE'), leaves: 'old' },
  { name: 'a reset during the handshake', ends: overSsh('CONNECTION_LOST'), leaves: 'old' },
  { name: 'a reset before the first byte', ends: everywhere('CONNECTION_LOST'), leaves: 'old' },
  { name: 'a reset after 1 byte', ends: everywhere('CONNECTION_LOST'), leaves: 'old' },
  { name: 'a reset at 50 %', ends: everywhere('CONNECTION_LOST'), leaves: 'old' },
  {
    name: 'a reset after the last byte',
    ends: everywhere('CONNECTION_LOST'),
    leaves: { sftp: 'old', exec: 'old', http: 'oldOrNew' },
  },
  {
    name: 'a reset in the verification',
    ends: everywhere('CONNECTION_LOST'),
    leaves: { sftp: 'old', exec: 'old', http: 'placed' },
  },
  { name: 'a reset as the activation begins', ends: overSsh('CONNECTION_LOST'), leaves: 'new' },
  { name: 'silence from the beginning', ends: overSsh('TIMEOUT'), leaves: 'old' },
  { name: 'silence during the login', ends: overSsh('TIMEOUT'), leaves: 'old' },
  { name: 'silence before TLS', ends: { http: 'UNREACHABLE' }, leaves: 'old' },
  { name: 'silence in the preflight', ends: everywhere('TIMEOUT'), leaves: 'old' },
  { name: 'silence in the transfer', ends: everywhere('TIMEOUT'), leaves: 'old' },
  {
    name: 'silence in the verification',
    ends: everywhere('TIMEOUT'),
    leaves: { sftp: 'old', exec: 'old', http: 'placed' },
  },
  { name: 'silence as the activation begins', ends: overSsh('TIMEOUT'), leaves: 'new' },
  { name: 'silence after the activation', ends: everywhere('VERSION_NOT_CONFIRMED'), leaves: 'activated' },
  { name: 'a connection left half-open by the reboot', ends: everywhere('success'), leaves: 'activated' },
  {
    name: 'a device that takes 1 KB/s, beside 50 fast ones, which end before it',
    ends: { sftp: 'success', http: 'success' },
    leaves: 'new',
    shownBy: { sftp: besideSlow, http: besideSlow },
  },

  { name: 'a wrong password', ends: everywhere('AUTH_FAILED'), leaves: 'old' },
  { name: 'a key that is refused', ends: overSsh('AUTH_FAILED'), leaves: 'old' },
  { name: 'another host key or certificate', ends: everywhere('HOST_KEY_CHANGED'), leaves: 'old' },
  { name: 'another host key after the reboot', ends: overSsh('HOST_KEY_CHANGED'), leaves: 'activated' },

  { name: 'a disk that is full', ends: { ...overSsh('NO_SPACE'), http: 'DEVICE_ERROR' }, leaves: 'old' },
  {
    name: 'a disk that fills up during the transfer',
    ends: { ...overSsh('NO_SPACE'), http: 'DEVICE_ERROR' },
    leaves: 'old',
  },
  {
    name: 'a directory that may not be written to',
    ends: { ...overSsh('PERMISSION_DENIED'), http: 'DEVICE_ERROR' },
    leaves: 'old',
  },
  { name: 'a directory at the final path', ends: everywhere('REMOTE_PATH_INVALID'), leaves: 'directory' },
  { name: 'permission that is lacking at the rename', ends: overSsh('PERMISSION_DENIED'), leaves: 'old' },
  {
    name: 'a byte flipped before it is stored',
    ends: everywhere('CHECKSUM_MISMATCH'),
    leaves: { sftp: 'old', exec: 'old' },
    shownBy: { http: ['faults/http.test.ts', 'with %s when it is read back'] },
  },
  { name: 'a clock that is wrong: files of 1970 and 2099', ends: everywhere('success'), leaves: 'activated' },

  { name: 'a verify command that fails', ends: overSsh('VERIFY_FAILED'), leaves: 'new' },
  { name: 'a verify command that hangs', ends: overSsh('TIMEOUT'), leaves: 'new' },
  { name: 'a verify command that prints 100 MB', ends: overSsh('success'), leaves: 'activated' },
  { name: 'a verify command that changes the file', ends: overSsh('CHECKSUM_MISMATCH'), leaves: 'nothing' },
  { name: 'an activate command that fails', ends: overSsh('ACTIVATE_FAILED'), leaves: 'activated' },
  { name: 'an activate command that the reboot kills', ends: overSsh('success'), leaves: 'activated' },
  { name: 'silence in the rollback', ends: overSsh('ACTIVATE_FAILED'), leaves: 'new' },
  {
    name: 'a device that comes back with the old version',
    ends: everywhere('VERSION_NOT_CONFIRMED'),
    leaves: 'activated',
  },
  { name: 'a device that never comes back', ends: everywhere('VERSION_NOT_CONFIRMED'), leaves: 'activated' },

  { name: 'one session at a time (MaxSessions 1)', ends: overSsh('success'), leaves: 'activated' },
  { name: 'too many logins at once (MaxStartups)', ends: overSsh('CONNECTION_LOST'), leaves: 'old' },
  {
    name: 'a channel that is closed without a status during the transfer',
    ends: overSsh('DEVICE_ERROR'),
    leaves: 'old',
  },
  { name: 'a verify command that ends without a status', ends: { exec: 'DEVICE_ERROR' }, leaves: 'new' },
  {
    name: 'an SFTP server without extensions',
    ends: { sftp: 'success' },
    leaves: 'new',
    shownBy: { sftp: ['conformance/odd-sftp.test.ts', 'comes whole to a server without extensions'] },
  },
  {
    name: 'an SFTP server that takes 32 KB at a time',
    ends: { sftp: 'success' },
    leaves: 'new',
    shownBy: {
      sftp: [
        'conformance/odd-sftp.test.ts',
        'comes whole to a server that ends over a packet longer than every server takes',
      ],
    },
  },
] as const satisfies readonly Fault[];

export type FaultName = (typeof faults)[number]['name'];

/** How a fault ends over each transport that the tests of this table take. */
export function endingsOf({ ends, shownBy = {} }: Fault): [Transport, Ending][] {
  return transports.flatMap((transport) => {
    const ending = ends[transport];
    return ending === undefined || shownBy[transport] ? [] : [[transport, ending]];
  });
}

/** What a fault leaves at the final path over a transport; `undefined` where no promise is made. */
export function leavesOver({ leaves }: Fault, transport: Transport): Left | undefined {
  return typeof leaves === 'string' ? leaves : leaves[transport];
}

const introduction = `# What happens when things go wrong

Where no other test is named below, a row is run against real servers (OpenSSH, nginx) by \`test/faults/table.test.ts\`, with the
former firmware at the final path, a version that can be asked for and, over SSH, an activate command. Each push ends by itself, with one code or with success. After
each, nothing is activated that was not verified, nothing half is at the final path, and every connection and file is closed.
Over HTTP it is the device that puts the file in place and activates it, and its status that names the failure: nginx has 500
for a full disk and for a directory that it may not write to; a device that says 507 or 403 gets \`NO_SPACE\` or \`AUTH_FAILED\`.

This page is written by \`node scripts/fault-table.ts\`; a test says when it is out of date.
`;

/** \`docs/faults.md\`. */
export function markdown(): string {
  const rows = (faults as readonly Fault[]).map((fault) => [
    fault.name,
    ...transports.map((transport) => cellOf(fault.ends[transport])),
    leftCell(fault),
  ]);
  const head = ['fault', 'SFTP', 'exec', 'HTTP', 'at the final path afterwards'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const elsewhere = (faults as readonly Fault[]).flatMap(({ name, shownBy = {} }) => {
    const files = new Set(Object.values(shownBy).map(([file]) => `\`test/${file}\``));
    return files.size === 0 ? [] : [`- ${name}: ${[...files].join(', ')}`];
  });
  return [introduction, ...table, '', 'Shown by other tests:', '', ...elsewhere, ''].join('\n');
}

function cellOf(ending: Ending | undefined): string {
  if (ending === undefined) return '–';
  return ending === 'success' ? 'success' : `\`${ending}\``;
}

function leftCell(fault: Fault): string {
  const over = transports.filter((transport) => fault.ends[transport] !== undefined);
  const found = new Map<string, string[]>();
  for (const transport of over) {
    const leaves = leavesOver(fault, transport);
    const text = leaves === undefined ? 'what the device put there' : left[leaves];
    found.set(text, [...(found.get(text) ?? []), names[transport]]);
  }
  if (found.size === 1) return [...found.keys()].join();
  return [...found].map(([text, by]) => `${by.join(', ')}: ${text}`).join('; ');
}

const names: Record<Transport, string> = { sftp: 'SFTP', exec: 'exec', http: 'HTTP' };
