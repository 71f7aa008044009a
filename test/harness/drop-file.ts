import type { Page } from 'playwright-core';

/** Drags files from outside onto the middle of the page and drops them there, as from a file manager. */
export async function dropFile(page: Page, ...files: string[]): Promise<void> {
  // Chromium lets go of a drop while its own answer to the last movement is still on the way; a person drags again.
  for (let attempt = 1; attempt <= 3; attempt++) {
    await page.evaluate(() => {
      document.documentElement.dataset.dropped = 'not yet';
      addEventListener('drop', () => delete document.documentElement.dataset.dropped, { capture: true, once: true });
    });
    await dragFiles(page, files, ['dragEnter', 'dragOver', 'drop']);
    const arrived = page.waitForFunction(() => document.documentElement.dataset.dropped === undefined, null, {
      timeout: 5_000,
    });
    if (await arrived.then(Boolean, () => false)) return;
  }
  throw new Error(`The page was never told that ${files.join(', ')} had been dropped.`);
}

/** Drags files over the middle of the page, and leaves it at that: no more is heard of them. */
export async function hoverFile(page: Page, ...files: string[]): Promise<void> {
  await dragFiles(page, files, ['dragEnter', 'dragOver']);
}

async function dragFiles(page: Page, files: string[], types: ('dragEnter' | 'dragOver' | 'drop')[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of types) {
    await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  }
  await session.detach();
}
