/** The number a text says, with a point or a comma; `null` for an empty one, and the text itself where it says none. */
export function numberIn(text: string): number | string | null {
  if (text.trim() === '') return null;
  const number = Number(text.trim().replace(',', '.'));
  return Number.isNaN(number) ? text : number;
}
