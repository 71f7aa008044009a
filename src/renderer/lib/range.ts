/** The ids from one row to another, both included, as a click with Shift means them. */
export function rangeBetween<Id extends string>(ids: readonly Id[], from: Id | undefined, to: Id): Id[] {
  const end = ids.indexOf(to);
  const start = from === undefined ? end : ids.indexOf(from);
  if (end === -1 || start === -1) return [to];
  return ids.slice(Math.min(start, end), Math.max(start, end) + 1);
}
