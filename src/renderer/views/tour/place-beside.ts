interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where a card stands, and what is ringed: all in px of the window. */
export interface Place {
  left: number;
  top: number;
  ring?: Box;
}

const gapPx = 12;
const ringPx = 4;

/**
 * Places a card below what it speaks of, else above it, else inside its lower end: never beyond the window. Without
 * anything to speak of it stands in the lower corner.
 */
export function placeBeside(target: Box | undefined, card: Box, windowWidth: number, windowHeight: number): Place {
  const within = (value: number, size: number, limit: number) => Math.max(gapPx, Math.min(value, limit - size - gapPx));
  if (!target || target.width === 0) {
    return { left: within(windowWidth, card.width, windowWidth), top: within(windowHeight, card.height, windowHeight) };
  }
  const bottom = target.top + target.height;
  const below = bottom + gapPx;
  const above = target.top - gapPx - card.height;
  const fitsBelow = below + card.height + gapPx <= windowHeight;
  const top = fitsBelow ? below : above >= gapPx ? above : windowHeight - card.height - gapPx;
  // Beside a wide thing it stands at the end, away from where one reads.
  const isWide = target.width > card.width * 2;
  const left = isWide ? target.left + target.width - card.width - gapPx : target.left;
  const ringTop = Math.max(0, target.top - ringPx);
  const ringLeft = Math.max(0, target.left - ringPx);
  return {
    ...{ left: within(left, card.width, windowWidth), top: within(top, card.height, windowHeight) },
    ring: {
      ...{ top: ringTop, left: ringLeft },
      width: Math.min(windowWidth - ringLeft, target.width + 2 * ringPx),
      height: Math.min(windowHeight - ringTop, target.height + 2 * ringPx),
    },
  };
}
