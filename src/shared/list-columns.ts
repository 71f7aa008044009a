import type { Device } from './model/index.ts';

/** The columns of a CSV list in the order of the export, and the field each one holds. */
export const columns = {
  id: 'id',
  name: 'name',
  address: 'address',
  status: 'status',
  last_seen: 'lastSeen',
  firmware_version: 'firmwareVersion',
  location: 'location',
  model: 'model',
  profile: 'profile',
  metadata: 'metadata',
} as const satisfies Record<string, keyof Device>;
export type Column = keyof typeof columns;

export const columnNames = Object.keys(columns) as Column[];

/** Other headings that people give these columns (docs/lists.md), without spaces and the like. */
const synonyms: Record<string, Column> = {
  deviceid: 'id',
  device: 'name',
  devicename: 'name',
  ip: 'address',
  ipaddress: 'address',
  host: 'address',
  hostname: 'address',
  state: 'status',
  version: 'firmware_version',
  firmware: 'firmware_version',
  site: 'location',
  devicemodel: 'model',
};

const byHeading = new Map<string, Column>([
  ...Object.entries(synonyms),
  ...columnNames.map((column): [string, Column] => [column.replace('_', ''), column]),
]);

/** The column a heading means, whatever its case, spaces, `_`, `-` and `.`. */
export function columnOf(heading: string): Column | undefined {
  return byHeading.get(heading.toLowerCase().replace(/[\s_.-]+/g, ''));
}

/** How the columns of a list are told apart otherwise than by their headings. */
export interface CsvLayout {
  /** What each column is, in their order: a heading as the list could have had it, or `''` for one that is left out. */
  columns?: readonly string[] | undefined;
  /** Whether the first line holds headings. */
  hasHeadings?: boolean | undefined;
}

/** The key of a `tag:KEY` heading, as it is written there. */
export function tagOf(heading: string): string | undefined {
  return /^tag:\s*(.*\S)/is.exec(heading)?.[1];
}
