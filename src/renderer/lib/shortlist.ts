/** More rows than this are drawn in no table that is not windowed. */
const mostShown = 200;

/** Those items that hold all words of a search, and how many there are of them; only the first are shown. */
export function shortlist<Item>(
  items: readonly Item[],
  search: string,
  textOf: (item: Item) => string,
): { shown: Item[]; total: number } {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter((item) => {
    const text = textOf(item).toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return { shown: found.slice(0, mostShown), total: found.length };
}
