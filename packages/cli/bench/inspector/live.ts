import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startInspector } from '@synod/inspector';
import { launch, memoryOf, newPage, shows, watchFrames } from './browser.ts';

const PROCESS = fileURLToPath(new URL('./load-process.js', import.meta.url));

export interface LiveLoad {
  readonly nodes: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface LiveResult extends LiveLoad {
  /** Records that were made, that the page took, and that it was told it had missed. */
  readonly made: number;
  readonly received: number;
  readonly skipped: number;
  /** Frames a second: the median, and the least of all seconds. */
  readonly frames: { readonly median: number; readonly least: number };
  /** Memory of the page in MB, at thirds of the time. */
  readonly memory: readonly number[];
}

/** Many nodes publish, and a page looks on. */
export async function live({ nodes, perSecond, seconds }: LiveLoad): Promise<LiveResult> {
  const inspector = await startInspector();
  const browser = await launch();
  try {
    const page = await newPage(browser);
    await page.goto(inspector.newUrl());
    const args = [PROCESS, inspector.publishUrl, inspector.publisherToken, nodes, perSecond, seconds].map(String);
    const load = promisify(execFile)(process.execPath, args);
    // Not those frames in which a hundred charts are put up: they are drawn once.
    await shows(page, '.status-bar', `${nodes} of ${nodes} nodes up`);
    const [drawn, memory]: [number[], number[]] = [[], []];
    for (let third = 0; third < 3; third++) {
      const frames = await watchFrames(page);
      await new Promise((resolve) => setTimeout(resolve, (seconds * 900) / 3));
      drawn.push(...(await frames()));
      // Its garbage is collected for that, which holds it up.
      memory.push(await memoryOf(page));
    }
    drawn.sort((a, b) => a - b);
    const made = Number((await load).stdout);
    const status = async (pattern: RegExp): Promise<number> => {
      const text = (await page.locator('.status-bar').textContent()) ?? '';
      return Number((pattern.exec(text)?.[1] ?? '0').replaceAll(',', ''));
    };
    // What is on its way arrives; comings and goings of nodes are records too.
    await shows(page, '.status-bar', new RegExp(`\\D0 of ${nodes} nodes up`));
    return {
      nodes,
      perSecond,
      seconds,
      made,
      received: (await status(/([\d,]+) records/)) - 2 * nodes,
      skipped: await status(/([\d,]+) skipped/),
      frames: { median: drawn[Math.floor(drawn.length / 2)] ?? 0, least: drawn[0] ?? 0 },
      memory,
    };
  } finally {
    await browser.close();
    await inspector.stop();
  }
}
