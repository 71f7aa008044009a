import type { Page } from 'playwright-core';

/** Drops files of this machine on the middle of the page, as the browser itself does it (DevTools protocol, Input). */
export async function dropFile(page: Page, ...files: string[]): Promise<void> {
  await dragFiles(page, files, ['dragEnter', 'dragOver', 'drop']);
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
