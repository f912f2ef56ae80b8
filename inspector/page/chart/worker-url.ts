// Shipped unmodified, as a file of its own: see ELK-LICENSE.md beside it.
import url from 'elkjs/lib/elk-worker.min.js?url';
import { unpacked, WORKER_BLOCK } from '../../src/standalone/compose.ts';

const block = document.getElementById(WORKER_BLOCK);

/** ELK's worker as text, in a page that is one file. */
export const workerText = async (): Promise<string> =>
  block ? new Response(await unpacked(block.textContent)).text() : (await fetch(url)).text();

/** Where ELK's worker is. */
export const workerUrl: string = block
  ? URL.createObjectURL(new Blob([await workerText()], { type: 'text/javascript' }))
  : url;
