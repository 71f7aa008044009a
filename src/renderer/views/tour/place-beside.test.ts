import { expect, it } from 'vitest';
import { placeBeside } from './place-beside.ts';

const card = { left: 0, top: 0, width: 300, height: 150 };
const place = (left: number, top: number, width: number, height: number) =>
  placeBeside({ left, top, width, height }, card, 1000, 700);

it('stands below a thing, or above it where there is no room', () => {
  expect(place(100, 50, 80, 40)).toMatchObject({ left: 100, top: 102 });
  expect(place(100, 600, 80, 40)).toMatchObject({ left: 100, top: 438 });
});

it('stands inside what fills the window, at its end, and never beyond the window', () => {
  expect(place(0, 60, 1000, 640)).toMatchObject({ left: 688, top: 538 });
  expect(place(950, 50, 40, 40)).toMatchObject({ left: 688 });
});

it('stands in the corner without a thing, and rings nothing', () => {
  const lonely = placeBeside(undefined, card, 1000, 700);
  expect(lonely).toEqual({ left: 688, top: 538 });
});
