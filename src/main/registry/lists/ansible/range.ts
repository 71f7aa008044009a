/** No inventory names more hosts than this in one pattern. */
const maxHosts = 1_000_000;
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The names an inventory pattern stands for: `www[01:50]`, `db-[a:f]`, `n[0:10:2]`, several of them multiplied.
 * Returns a sentence when it stands for none.
 */
export function expandPattern(pattern: string): string[] | string {
  const match = /^([^[]*)\[([^\]:]*):([^\]:]*)(?::([^\]:]*))?\](.*)$/.exec(pattern);
  if (!match) return [pattern];
  const [, before = '', first = '', last = '', step = '1', after = ''] = match;
  const values = valuesOf(first, last, step);
  if (typeof values === 'string') return `"${pattern}": ${values}`;
  const rest = expandPattern(after);
  if (typeof rest === 'string') return rest;
  if (values.length * rest.length > maxHosts) return `"${pattern}" stands for over ${maxHosts} hosts`;
  return values.flatMap((value) => rest.map((end) => `${before}${value}${end}`));
}

function valuesOf(first: string, last: string, stepText: string): string[] | string {
  const step = /^\d+$/.test(stepText) ? Number(stepText) : 0;
  if (step === 0) return 'the step of a range is a number from 1';
  if (/^[A-Za-z]$/.test(first) && /^[A-Za-z]$/.test(last))
    return count(letters.indexOf(first), letters.indexOf(last), step, (at) => letters.charAt(at));
  if (!/^\d{0,9}$/.test(first) || !/^\d{1,9}$/.test(last))
    return 'a range is of numbers or letters, such as [01:50] or [a:f]';
  const isPadded = first.length > 1 && first.startsWith('0');
  if (isPadded && first.length !== last.length) return 'both ends of a range with leading zeros need as many digits';
  return count(Number(first), Number(last), step, (value) => String(value).padStart(isPadded ? first.length : 1, '0'));
}

function count(first: number, last: number, step: number, write: (value: number) => string): string[] | string {
  if (first > last) return 'a range starts with its smaller end';
  if ((last - first) / step >= maxHosts) return `a range stands for at most ${maxHosts} hosts`;
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => write(first + index * step));
}
