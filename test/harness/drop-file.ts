import type { Locator, Page } from 'playwright-core';

/** Where on the page; in its upper edge, on no device, when left out. */
interface Point {
  x: number;
  y: number;
}

/** Drags files from outside onto the page and drops them there, on no device, as from a file manager. */
export const dropFile = (page: Page, ...files: string[]) => drop(page, files);

/** The same onto one element. */
export const dropFileOn = async (target: Locator, ...files: string[]) =>
  drop(target.page(), files, await middleOf(target));

async function drop(page: Page, files: string[], at?: Point): Promise<void> {
  // Chromium lets go of a drop while its own answer to the last movement is still on the way; a person drags again.
  for (let attempt = 1; attempt <= 3; attempt++) {
    await page.evaluate(() => {
      document.documentElement.dataset.dropped = 'not yet';
      addEventListener('drop', () => delete document.documentElement.dataset.dropped, { capture: true, once: true });
    });
    await dragFiles(page, files, ['dragEnter', 'dragOver', 'drop'], at);
    const arrived = page.waitForFunction(() => document.documentElement.dataset.dropped === undefined, null, {
      timeout: 5_000,
    });
    if (await arrived.then(Boolean, () => false)) return;
  }
  throw new Error(`The page was never told that ${files.join(', ')} had been dropped.`);
}

/** Drags files over the page, and leaves it at that: no more is heard of them. */
export async function hoverFile(page: Page, ...files: string[]): Promise<void> {
  await dragFiles(page, files, ['dragEnter', 'dragOver']);
}

/** Drags files over one element, and leaves it at that. */
export async function hoverFileOn(target: Locator, ...files: string[]): Promise<void> {
  await dragFiles(target.page(), files, ['dragEnter', 'dragOver'], await middleOf(target));
}

async function middleOf(target: Locator): Promise<Point> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (!box) throw new Error('What files are to be dropped on is not in sight.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function dragFiles(
  page: Page,
  files: string[],
  types: ('dragEnter' | 'dragOver' | 'drop')[],
  at?: Point,
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width } = page.viewportSize() ?? { width: 800 };
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of types) {
    await session.send('Input.dispatchDragEvent', { type, ...(at ?? { x: width / 2, y: 12 }), data });
  }
  await session.detach();
}
