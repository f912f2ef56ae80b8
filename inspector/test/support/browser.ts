import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, type TestContext } from 'vitest';

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
];

/** A page that fails its test by whatever a browser complains of. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, of the content security policy, and requests that would have left the machine. */
  readonly complaints: readonly string[];
}

/**
 * A real Chromium for the tests of a file. Without one on the machine its tests are skipped, and loudly;
 * with `CI=true` that is a failure.
 */
export function useBrowser() {
  const executablePath = process.env.CHROMIUM ?? CANDIDATES.find((path) => existsSync(path));
  let browser: Browser | undefined;

  beforeAll(async () => {
    if (executablePath === undefined) {
      process.stderr.write(
        `\n*** NO CHROMIUM: the browser tests are SKIPPED. Install it (Debian: apt-get install chromium), or name one in CHROMIUM.\n\n`,
      );
      expect(process.env.CI, 'with CI=true a missing browser is a failure').not.toBe('true');
      return;
    }
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
  });

  /** Opens an address in a fresh profile, cut off from everything but this machine. */
  return async (context: TestContext, url: string, colorScheme: 'light' | 'dark' = 'dark'): Promise<WatchedPage> => {
    if (!browser) return context.skip('there is no Chromium on this machine');
    const profile = await browser.newContext({ viewport: { width: 1680, height: 950 }, colorScheme });
    context.onTestFinished(() => profile.close());
    const page = await profile.newPage();
    const complaints: string[] = [];
    page.on(
      'console',
      (message) => void (['error', 'warning'].includes(message.type()) && complaints.push(message.text())),
    );
    page.on('pageerror', (error) => complaints.push(error.message));
    await profile.route(
      (target) => target.hostname !== new URL(url).hostname,
      (route) => {
        complaints.push(`a request to ${route.request().url()}`);
        return route.abort();
      },
    );
    await page.goto(url);
    return { page, complaints };
  };
}

/** Saves the picture of a view, as a person does. */
export async function savePicture(page: Page, title: string, type: 'svg' | 'png'): Promise<void> {
  await page.getByRole('button', { name: `Save picture of ${title}`, exact: true }).click();
  await page.getByRole('button', { name: `as ${type.toUpperCase()}` }).click();
}
