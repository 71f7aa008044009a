/** Things in the order they came. Any of them may leave, and the first is found at once, however many left before it. */
export interface Line<T> extends Iterable<T> {
  /** At the end, unless it stands there already. */
  add(one: T): void;
  delete(one: T): void;
}

/** Left places that are not worth closing up. */
const fewGaps = 1_000;

/** A `Set` would pass over all that left each time it is asked for its first. */
export function createLine<T extends object>(): Line<T> {
  let line: (T | undefined)[] = [];
  let first = 0;
  const places = new Map<T, number>();
  const add = (one: T) => {
    if (places.has(one)) return;
    places.set(one, line.push(one) - 1);
  };
  const closeUp = () => {
    const rest = [...places.keys()];
    line = [];
    first = 0;
    places.clear();
    rest.forEach(add);
  };
  return {
    add,
    delete(one) {
      const place = places.get(one);
      if (place === undefined) return;
      places.delete(one);
      line[place] = undefined;
      while (first < line.length && line[first] === undefined) first += 1;
      if (line.length > 2 * places.size + fewGaps) closeUp();
    },
    *[Symbol.iterator]() {
      const standing = line;
      for (let place = first; place < standing.length; place += 1) {
        const one = standing[place];
        if (one !== undefined && places.has(one)) yield one;
      }
    },
  };
}
