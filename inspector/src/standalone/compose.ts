import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type PackedWorld, packWorld } from '../world/packed.ts';
import type { RecordingHead } from '../world/wire.ts';
import type { World } from '../world/world.ts';

// The page with a run in one file: to be kept, or attached to a report. It needs no server and asks for nothing.

/** The ids of the blocks in which the file keeps what is no part of the page itself. */
export const RUN_BLOCK = 'synod-run';
export const WORKER_BLOCK = 'synod-worker';

/** What the page is made of. */
export interface PageParts {
  /** The one script of the page, an ES module. */
  readonly script: string;
  readonly style: string;
  /** ELK's worker. */
  readonly worker: string;
}

/** Where records were left out of a run. */
export interface Gap<W = World> {
  /** How many lines come before it. */
  readonly after: number;
  /** The world behind it. */
  readonly world: W;
}

export type PackedGap = Gap<PackedWorld>;

/** What the first line of a run tells. */
export interface StandaloneHead {
  readonly head: RecordingHead;
  readonly base: PackedWorld;
  readonly gaps: readonly PackedGap[];
}

/** A run as the page is told of it. */
export interface StandaloneRun {
  readonly head: RecordingHead;
  /** The world before its first record. */
  readonly base: World;
  /** Where records were left out, in their order. */
  readonly gaps?: readonly Gap[];
  /** Many at a time. */
  readonly lines: Iterable<readonly string[]> | AsyncIterable<readonly string[]>;
}

/** The page with a run in one HTML text. Its content security policy names its script and style, and nothing from elsewhere. */
export async function composePage({ script, style, worker }: PageParts, run: StandaloneRun): Promise<string> {
  const code = script.replaceAll('</script', '<\\/script');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(code)}`,
    `style-src ${hashOf(style)}`,
    'worker-src blob:',
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="dark light" />
    <title>Synod inspector</title>
    <style>${style}</style>
  </head>
  <body>
    <div id="app"></div>
    <noscript>The inspector draws with JavaScript, which is switched off here.</noscript>
    <script type="text/plain" id="${WORKER_BLOCK}">${await packed([worker])}</script>
    <script type="text/plain" id="${RUN_BLOCK}">${await packed(told(run))}</script>
    <script type="module">${code}</script>
  </body>
</html>
`;
}

const hashOf = (text: string): string => `'sha256-${base64(sha256(utf8ToBytes(text)))}'`;

/** The head and the worlds in the first line, then a record a line. */
async function* told({ head, base, gaps = [], lines }: StandaloneRun): AsyncGenerator<string> {
  const packed = gaps.map(({ after, world }) => ({ after, world: packWorld(world) }));
  yield `${JSON.stringify({ head, base: packWorld(base), gaps: packed } satisfies StandaloneHead)}\n`;
  for await (const some of lines) yield some.map((line) => `${line}\n`).join('');
}

/** Text, compressed and in letters that mean nothing to HTML. */
async function packed(parts: Iterable<string> | AsyncIterable<string>): Promise<string> {
  const { readable, writable } = new CompressionStream('gzip');
  const all = new Response(readable).arrayBuffer();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  let waiting = '';
  for await (const part of parts) {
    waiting += part;
    if (waiting.length < CHUNK) continue;
    await writer.write(encoder.encode(waiting));
    waiting = '';
  }
  await writer.write(encoder.encode(waiting));
  await writer.close();
  return base64(new Uint8Array(await all));
}

const CHUNK = 64 * 1024;

/** The text that `packed` made. */
export async function unpacked(letters: string): Promise<ReadableStream<Uint8Array>> {
  const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
}

/** In pieces: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += 0x8000) letters += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(letters);
}
