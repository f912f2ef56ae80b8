import { composePage, type PackedGap, RUN_BLOCK, type StandaloneHead, unpacked } from '../../src/standalone/compose.ts';
import { unpackWorld } from '../../src/world/packed.ts';
import { workerText } from '../chart/worker-url.ts';
import { appendAmong, beginRecording, charts, pacer } from '../state/run.ts';
import { extent, grown, loading, notice, recording, story } from '../state/store.ts';
import { linesOf } from './lines-of.ts';
import { saveBlob } from './save.ts';

/** The run that is in the page itself, if it is one file with a run in it. */
const run = document.getElementById(RUN_BLOCK);

/** Whether the page is a file of its own, without a server. */
export const isStandalone = run !== null;

/** Shows the run that is in the page itself. */
export async function openOwnRun(): Promise<void> {
  if (!run) return;
  let isFirst = true;
  let left: readonly PackedGap[] = [];
  const breathe = pacer();
  for await (const lines of linesOf(await unpacked(run.textContent))) {
    const records = lines.filter((line) => line !== '');
    if (isFirst) {
      const { head, base, gaps } = JSON.parse(records.shift() ?? '') as StandaloneHead;
      beginRecording(head, unpackWorld(base, charts));
      left = gaps;
      isFirst = false;
    }
    left = appendAmong(left, records);
    await breathe();
  }
  loading.value = false;
  grown();
}

/** Saves the page with the run that it shows, as far as it is kept, as one HTML file. */
export async function savePage(): Promise<void> {
  notice.value = { ok: true, text: 'Saving the page …' };
  const { about, unit, verdict } = recording.value ?? { about: { saved: new Date().toISOString() }, unit: 'ms' };
  const html = await composePage(
    {
      script: await textOf('script[type=module]', 'src'),
      style: await textOf('link[rel=stylesheet], style', 'href'),
      worker: await workerText(),
    },
    {
      head: { about, unit, total: extent.value.length - extent.value.first, ...(verdict !== undefined && { verdict }) },
      base: story.value.worldAt(story.value.first),
      gaps: story.value.gaps.map(({ index, world }) => ({
        after: index - story.value.first,
        world,
      })),
      lines: story.value.lines(),
    },
  );
  const name = typeof about.file === 'string' ? about.file.replace(/\.[a-z]+$/, '') : 'synod-run';
  saveBlob(new Blob([html], { type: 'text/html' }), `${name}.html`);
  notice.value = { ok: true, text: `Saved as ${name}.html.` };
}

/** The text of an element of the page, or of the file that it names. */
async function textOf(selector: string, attribute: string): Promise<string> {
  const element = document.querySelector(selector);
  const address = element?.getAttribute(attribute);
  if (typeof address === 'string') return (await fetch(new URL(address, document.baseURI))).text();
  return (element?.textContent ?? '').replaceAll('<\\/script', '</script');
}
