import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

type Shot = keyof typeof looks;

/** How a view is looked at: its theme, as the system asks for it, and the room it has in CSS pixels. */
const looks = {
  light: { colorScheme: 'light', contrast: 'no-preference', width: 1180, height: 720 },
  dark: { colorScheme: 'dark', contrast: 'no-preference', width: 1180, height: 720 },
  contrast: { colorScheme: 'light', contrast: 'more', width: 1180, height: 720 },
  phone: { colorScheme: 'light', contrast: 'no-preference', width: 390, height: 760 },
} as const;
const themes: Shot[] = ['light', 'dark', 'contrast'];

/** Takes pictures of a page into folders by their look, and keeps the list of them. */
export interface Camera {
  readonly page: Page;
  /** @param about what is to be seen, in a few words: its title in the gallery */
  shoot(name: string, about: string, withPhone?: 'phone'): Promise<void>;
  /** Writes the page that shows all of them. */
  writeGallery(): void;
}

export async function createCamera(page: Page, dir: string): Promise<Camera> {
  // WebP, a third of the size, is only offered here.
  const devtools = await page.context().newCDPSession(page);
  rmSync(dir, { recursive: true, force: true });
  for (const look of Object.keys(looks)) mkdirSync(join(dir, look), { recursive: true });
  // What is open at first depends on the room there is.
  await page.setViewportSize({ width: looks.light.width, height: looks.light.height });
  const taken: { name: string; about: string; shots: Shot[] }[] = [];

  async function take(name: string, look: Shot): Promise<void> {
    const { width, height, ...media } = looks[look];
    await page.emulateMedia(media);
    await page.setViewportSize({ width, height });
    await page.waitForFunction(
      (theme) => document.documentElement.dataset.theme === theme,
      look === 'phone' ? 'light' : look,
    );
    // Charts and grids are painted in the frame after the theme.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
    writeFileSync(join(dir, look, `${name}.webp`), data, 'base64');
  }

  return {
    page,
    async shoot(name, about, withPhone) {
      const shots: Shot[] = withPhone ? [...themes, withPhone] : themes;
      for (const look of shots) await take(name, look);
      await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' });
      await page.setViewportSize({ width: looks.light.width, height: looks.light.height });
      taken.push({ name, about, shots });
    },
    writeGallery() {
      const rows = taken.map(({ name, about, shots }) => {
        const links = shots.slice(1).map((look) => `[${look}](${look}/${name}.webp)`);
        return `## ${about}\n\n![${about}](light/${name}.webp)\n\n${links.join(' · ')}\n`;
      });
      const head = '# What Pushrod looks like\n\nMade by `npm run screens` on a simulated bench.\n';
      writeFileSync(join(dir, 'README.md'), `${head}\n${rows.join('\n')}`);
    },
  };
}
