import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-precise-memory-info',
];

/** A browser of this machine, in a process of its own. */
export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? CANDIDATES.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error('There is no Chromium; install it (Debian: apt-get install chromium).');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

export const newPage = (browser: Browser): Promise<Page> =>
  browser.newPage({ viewport: { width: 1_440, height: 900 } });

/** Frames a second that a page draws, second by second, from now on until it is asked. */
export async function watchFrames(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(`
    window.frames_ = (function () {
      const seconds = [];
      let count = 0, from = performance.now(), isOver = false;
      requestAnimationFrame(function next(now) {
        count++;
        if (now - from >= 1000) { seconds.push((count * 1000) / (now - from)); count = 0; from = now; }
        if (!isOver) requestAnimationFrame(next);
      });
      return () => { isOver = true; return seconds; };
    })();
  `);
  return () => page.evaluate('window.frames_()') as Promise<readonly number[]>;
}

/** Waits until an element's text has another in it. */
export async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector, { hasText: text }).waitFor({ timeout: 180_000 });
}

/** What the page's heap holds after what is no longer used has gone, and all that its process keeps beside it, in MB. */
export async function memoryOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  await session.detach();
  return (usedSize + backingStorageSize) / 1e6;
}
