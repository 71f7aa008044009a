/** The ids from one row to another, both included, as a click with Shift means them. */
export function rangeBetween(ids: readonly string[], from: string | undefined, to: string): string[] {
  const end = ids.indexOf(to);
  const start = from === undefined ? end : ids.indexOf(from);
  if (end === -1 || start === -1) return [to];
  return ids.slice(Math.min(start, end), Math.max(start, end) + 1);
}
