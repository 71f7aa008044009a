import { expect, it } from 'vitest';
import { expandPattern } from './range.ts';

it.each([
  ['www', 'www'],
  ['www[1:3]', 'www1 www2 www3'],
  ['www[01:03].example', 'www01.example www02.example www03.example'],
  ['www[08:11]', 'www08 www09 www10 www11'],
  ['www[:2]', 'www0 www1 www2'],
  ['n[0:10:5]', 'n0 n5 n10'],
  ['n[1:4:2]', 'n1 n3'],
  ['db-[a:c]', 'db-a db-b db-c'],
  ['db-[y:B]', 'db-y db-z db-A db-B'],
  ['r[1:2]s[a:b]', 'r1sa r1sb r2sa r2sb'],
])('%s stands for %s', (pattern, names) => {
  expect(expandPattern(pattern)).toEqual(names.split(' '));
});

it.each([
  ['www[3:1]', 'smaller end'],
  ['www[01:100]', 'as many digits'],
  ['www[1:]', 'numbers or letters'],
  ['www[a:5]', 'numbers or letters'],
  ['www[1:5:0]', 'step'],
  ['www[1:5:x]', 'step'],
  ['www[0:999999999]', 'at most'],
  ['a[1:2000]b[1:2000]', 'over'],
])('%s is refused', (pattern, problem) => {
  expect(expandPattern(pattern)).toEqual(expect.stringContaining(problem));
});
