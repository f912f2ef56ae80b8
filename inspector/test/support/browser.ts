import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, type TestContext } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DIST = join(ROOT, 'inspector/dist');
const PAGE = join(DIST, 'page/index.html');
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
    buildPage();
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

/**
 * Builds the page if its sources are newer: aside, then put in place at once, since test files run side by side
 * and none may be served half a page.
 */
function buildPage(): void {
  const newest = Math.max(...['page', 'src'].flatMap((folder) => times(join(ROOT, 'inspector', folder))));
  if (existsSync(PAGE) && statSync(PAGE).mtimeMs > newest) return;
  mkdirSync(DIST, { recursive: true });
  const aside = mkdtempSync(join(DIST, 'page-'));
  const [built, old] = [join(aside, 'new'), join(aside, 'old')];
  const vite = join(ROOT, 'inspector/node_modules/.bin/vite');
  const options = ['--logLevel', 'warn', '--outDir', built, '--emptyOutDir'];
  try {
    execFileSync(vite, ['build', 'inspector/page', ...options], { cwd: ROOT });
    if (existsSync(dirname(PAGE))) renameSync(dirname(PAGE), old);
    renameSync(built, dirname(PAGE));
  } catch (error) {
    // Another test file may have put its page there between two of these steps.
    if (!existsSync(PAGE) || statSync(PAGE).mtimeMs <= newest) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

const times = (folder: string): number[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map(
    (entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs,
  );
