const numbers = new Intl.NumberFormat('de');

/** `1 Gerät`, `12.431 Geräte`. */
export function count(many: number, one: string, several: string): string {
  return `${numbers.format(many)} ${many === 1 ? one : several}`;
}

/** `12.431` */
export const figure = (value: number): string => numbers.format(value);
