import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { TraceRecord } from '@synod/protocol';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { type Recording, startInspector } from '../src/index.ts';
import { traces } from './export/traces.ts';
import { useBrowser } from './support/browser.ts';
import { lab } from './support/labs.ts';

const open = useBrowser();
const WITHIN = { timeout: 15_000 };

const records = (traces.raft as readonly TraceRecord[]).slice(0, 900);
const LONG = 'clients are answered, and every server has applied what was committed when the faults ended';
const recording: Recording = {
  records,
  about: { file: 'a-run-with-a-rather-long-name.json', simulation: 'store', mutant: 'forgets-to-step-down', seed: 1 },
  verdict: `${LONG}: this did not come true within 10000 ms of the healing of all faults.`,
  verdicts: {
    properties: [
      { name: LONG, kind: 'always', source: 'figure 3, §5.2', verdict: 'violated', message: 'No.', at: [400, 412] },
      { name: 'Election Safety', kind: 'always', verdict: 'holds', changes: [[20, true]] },
    ],
    steps: [
      {
        records: [380, 400],
        action: 'deliver',
        node: 'n1',
        text: `raft@n1 receives AppendEntries{${LONG}} from raft@n2`,
      },
      { records: [400, 412], action: 'crash', node: 'n2', text: 'n2 crashes' },
    ],
    history: {
      verdict: 'yes',
      omitted: 0,
      operations: [
        { client: 'c1', input: 'put x', outcome: 'returned', invokedAt: 0, returnedAt: 60, records: [0, 1], key: 'x' },
      ],
    },
  },
};

/** A run that breaks a property and that can be gone on from: as many views as there are. */
async function opened(context: TestContext, theme: 'light' | 'dark' = 'dark', [width, height] = [1680, 950]) {
  const inspector = await startInspector({ recording, lab: lab(records, LONG.repeat(2)) });
  onTestFinished(() => inspector.stop());
  const { page } = await open(context, inspector.newUrl(), theme);
  await page.setViewportSize({ width, height });
  await page.getByRole('tab', { name: 'Lab' }).first().waitFor();
  await expect.poll(() => page.locator('.timeline').getAttribute('aria-busy'), WITHIN).toBe('false');
  return page;
}

const middle = (page: Page) => page.getByRole('tablist', { name: 'Views', exact: true });
const show = (page: Page, title: string) => middle(page).getByRole('tab', { name: title, exact: true }).click();

describe('whoever does not see the page, or not all of it', () => {
  it.for(['light', 'dark'] as const)(
    'finds nothing that axe objects to, in any view (%s)',
    { timeout: 60_000 },
    async (theme, context) => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const page = await opened(context, theme);
      await page.evaluate(axe);
      const objections = () =>
        page.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
          const { violations } = await axe.run();
          const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
          // Between two lines of text in a drawing there is no blank to be found, though a person sees one.
          return found.filter((each) => !each.startsWith('label-content-name-mismatch: <g '));
        });
      for (const title of await middle(page).getByRole('tab').allTextContents()) {
        await show(page, title);
        expect(await objections(), title).toEqual([]);
      }
      await show(page, 'Charts');
      await page.locator('nav [data-node=n1] .node-name').click();
      await page.locator('.large svg').waitFor();
      expect(await objections(), 'a large chart').toEqual([]);
    },
  );

  it('comes to the topology by Tab once, and goes on in it by arrow keys', async (context) => {
    const page = await opened(context);
    await show(page, 'Topology');
    const nodes = page.locator('.topology-node');
    await nodes.first().waitFor();
    const order = await nodes.evaluateAll((all) => all.map((each) => (each as SVGElement).tabIndex));
    expect(order).toEqual([0, ...order.slice(1).map(() => -1)]);
  });
});

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe('where there is little room', () => {
  it.for([
    [1680, 950],
    [1280, 800],
    [1000, 700],
  ] as const)('the views of a pane stay on one line, and the chosen one in sight (%d × %d)', async (size, context) => {
    const page = await opened(context, 'dark', [...size]);
    for (const pane of ['.pane.side', '.pane.middle']) {
      const tabs = page.locator(`${pane} [role=tab]`);
      const last = tabs.last();
      await last.click();
      const boxes = await Promise.all(
        [tabs.first(), last, page.locator(`${pane} .pane-head .save-picture`)].map((each) => each.boundingBox()),
      );
      const middles = boxes.map((box) => (box?.y ?? 0) + (box?.height ?? 0) / 2);
      for (const each of middles) expect(Math.abs(each - (middles[0] as number)), pane).toBeLessThan(3);
      const [frame, box] = [await page.locator(`${pane} .tabs`).boundingBox(), await last.boundingBox()];
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0) + 1);
      expect((frame?.x ?? 0) + (frame?.width ?? 0)).toBeLessThanOrEqual((boxes[2]?.x ?? 0) + 1);
    }
  });

  it.for([
    [1680, 950],
    [420, 238],
  ] as const)('nothing of verdicts and lab, nor of the line above, is cut off (%d × %d)', async (size, context) => {
    const page = await opened(context, 'light', [...size]);
    const cut = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.verdicts-view *:not(svg *), .lab-view *:not(svg *), .top-bar *')].flatMap(
          (part) => {
            const [box, frame] = [
              part.getBoundingClientRect(),
              part.closest('.verdicts-view, .lab-view, .top-bar') as Element,
            ];
            const edge = frame.getBoundingClientRect().right + 1;
            return box.right > edge ? [`${part.className}: ${part.textContent}`] : [];
          },
        ),
      );
    for (const [title, there] of [
      ['Verdicts', '.property'],
      ['Lab', '.choice'],
    ] as const) {
      await show(page, title);
      await page.locator(there).first().waitFor();
      await expect.poll(cut, { ...WITHIN, message: title }).toEqual([]);
    }
    // One line, as all buttons beside it.
    const heights = await Promise.all(
      ['.open-file', '.top-bar button[aria-label=Keys]'].map(
        async (each) => (await page.locator(each).boundingBox())?.height,
      ),
    );
    expect(heights[0]).toBeLessThan((heights[1] ?? 0) + 4);
  });
});
