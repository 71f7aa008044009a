const numbers = new Intl.NumberFormat('en');

/** `1 device`, `12,431 devices`. */
export function count(many: number, one: string, several = `${one}s`): string {
  return `${numbers.format(many)} ${many === 1 ? one : several}`;
}

/** `12,431` */
export const figure = (value: number): string => numbers.format(value);
