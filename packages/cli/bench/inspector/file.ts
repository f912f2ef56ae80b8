import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { startInspector } from '@synod/inspector';
import { encodeTrace, traceHeader } from '@synod/protocol';
import { launch, memoryOf, newPage, shows } from './browser.ts';
import { MadeUpNode } from './load.ts';

const COMMAND = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

export interface FileResult {
  readonly records: number;
  readonly megabytes: number;
  /** From the choice of the file, or of the address, until all of it is there. */
  readonly openedMs: number;
  readonly servedMs: number;
  /** To go to a place in it, and have it drawn. */
  readonly seekMs: number;
  readonly memory: number;
}

/** Opens a long trace: by the page itself, and from `synod inspect`. */
export async function file(records: number, nodes: number): Promise<FileResult> {
  const folder = mkdtempSync(join(tmpdir(), 'synod-bench-'));
  const path = join(folder, 'long.jsonl');
  await write(path, records, nodes);
  const empty = await startInspector();
  const command = spawn(process.execPath, [COMMAND, 'inspect', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const browser = await launch();
  try {
    const all = `of ${records.toLocaleString('en')}`;
    const page = await newPage(browser);
    await page.goto(empty.newUrl());
    let from = performance.now();
    await page.getByLabel('Open a trace').setInputFiles(path);
    await shows(page, '.place', all);
    const openedMs = performance.now() - from;
    const memory = await memoryOf(page);
    from = performance.now();
    await page.getByRole('slider', { name: 'Place in the recording' }).fill(String(Math.floor(records / 2) - 77));
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    const seekMs = performance.now() - from;
    await page.close();
    const second = await newPage(browser);
    const served = await addressOf(command);
    from = performance.now();
    await second.goto(served);
    await shows(second, '.place', all);
    const servedMs = performance.now() - from;
    return { records, megabytes: statSync(path).size / 1e6, openedMs, servedMs, seekMs, memory };
  } finally {
    await browser.close();
    command.kill('SIGINT');
    await empty.stop();
    rmSync(folder, { recursive: true });
  }
}

/** The address that `synod inspect` prints for a file. */
async function addressOf(command: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface(command.stdout)) return line;
  throw new Error('synod inspect printed no address.');
}

async function write(path: string, records: number, nodes: number): Promise<void> {
  const out = createWriteStream(path);
  const made = Array.from({ length: nodes }, (_, at) => new MadeUpNode(at + 1, nodes));
  let [lines, count] = [[encodeTrace(traceHeader({}))], 0];
  const add = (line: string) => {
    if (count++ < records) lines.push(line);
  };
  for (const node of made) add(encodeTrace(node.spawn(0)));
  for (let turn = 0; count < records; turn++) {
    const node = made[turn % nodes] as MadeUpNode;
    for (const record of node.step(turn / 5, turn % nodes)) add(encodeTrace(record));
    if (lines.length < 5_000) continue;
    if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
    lines = [];
  }
  out.end(`${lines.join('\n')}\n`);
  await once(out, 'finish');
}
