import type { DevicePatch, Metadata } from '../../shared/model/index.ts';

/** An entry of metadata while it is being changed. */
export interface MetadataRow {
  key: string;
  /** The text itself; or, with `isJson`, any other value as JSON writes it. */
  text: string;
  isJson: boolean;
}

export type RowProblem = 'noKey' | 'sameKey' | 'notJson';

export function rowsOf(metadata: Metadata): MetadataRow[] {
  return Object.entries(metadata).map(([key, value]) =>
    typeof value === 'string'
      ? { key, text: value, isJson: false }
      : { key, text: JSON.stringify(value), isJson: true },
  );
}

/** What is wrong with each row; rows that are empty as a whole are passed over. */
export function problemsOf(rows: readonly MetadataRow[]): (RowProblem | undefined)[] {
  return rows.map((row, index) => {
    const { key, text, isJson } = row;
    if (isEmpty(row)) return undefined;
    if (key.trim() === '') return 'noKey';
    if (rows.findIndex((other) => other.key.trim() === key.trim()) < index) return 'sameKey';
    return isJson && parsed(text) === undefined ? 'notJson' : undefined;
  });
}

/** What makes the metadata of a device what the rows say, its other keys untouched; `undefined` where nothing changes. */
export function patchOf(metadata: Metadata, rows: readonly MetadataRow[]): DevicePatch | undefined {
  const wanted = new Map(
    rows
      .filter((row) => !isEmpty(row))
      .map(({ key, text, isJson }) => [key.trim(), isJson ? parsed(text)?.value : text]),
  );
  const set = [...wanted].filter(([key, value]) => JSON.stringify(metadata[key]) !== JSON.stringify(value));
  const removed = Object.keys(metadata).filter((key) => !wanted.has(key));
  if (set.length === 0 && removed.length === 0) return undefined;
  return {
    ...(set.length > 0 && { setTags: Object.fromEntries(set) as Metadata }),
    ...(removed.length > 0 && { removeTags: removed }),
  };
}

const isEmpty = ({ key, text }: MetadataRow) => key.trim() === '' && text.trim() === '';

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
