import type { TraceRecord } from '@synod/protocol';
import { traceHeader } from '@synod/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type InspectorOptions, startInspector } from '../src/index.ts';
import { useBrowser } from './support/browser.ts';
import { note, publisher, spawn, turn } from './support.ts';

const open = useBrowser();
const WITHIN = { timeout: 10_000 };

/** A lamp that turns a hundred times, and tells of every tenth. */
const records: readonly TraceRecord[] = [
  spawn('n1'),
  ...Array.from({ length: 100 }, (_, at) => [
    turn('n1', at % 2 ? 'green' : 'red', at),
    ...(at % 10 === 5 ? [note('n1', `turn ${at}`)] : []),
  ]).flat(),
].map((record, at) => ({ ...record, at: at * 10 }));

async function opened(context: Parameters<typeof open>[0], options: InspectorOptions = {}, hash = '') {
  const inspector = await startInspector(options);
  onTestFinished(() => inspector.stop());
  const { page, complaints } = await open(context, inspector.newUrl() + hash);
  const place = () => page.locator('.place').textContent();
  return { inspector, page, complaints, place };
}

const recording = { records, about: { file: 'run.json' } };

describe('the time', () => {
  it('is gone through by keys alone', async (context) => {
    const { page, place, complaints } = await opened(context, { recording });
    await expect.poll(place, WITHIN).toMatch(/^111 of 111/);
    const after = async (key: string) => {
      await page.keyboard.press(key);
      return (await place())?.split(' ·')[0];
    };
    expect(await after('Home')).toBe('0 of 111');
    expect(await after('.')).toBe('1 of 111');
    expect(await after('ArrowRight')).toBe('2 of 111');
    expect(await after(',')).toBe('1 of 111');
    await page.getByRole('combobox', { name: 'To the next' }).selectOption('note');
    await page.locator('body').click({ position: { x: 700, y: 20 } });
    expect(await after('n')).toBe('8 of 111');
    expect(await after('n')).toBe('19 of 111');
    expect(await after('N')).toBe('8 of 111');
    await page.keyboard.press('b');
    expect(await after('End')).toBe('111 of 111');
    await page.getByRole('combobox', { name: 'Bookmarks' }).selectOption({ index: 1 });
    expect((await place())?.split(' ·')[0]).toBe('8 of 111');
    await page.keyboard.press('Escape');
    await page.locator('body').click({ position: { x: 700, y: 20 } });
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog', { name: 'Keys' }).textContent()).toContain('mark this place');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog', { name: 'Keys' }).isVisible(), WITHIN).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('is pointed into, and a run plays as fast as it went', async (context) => {
    const { page, place } = await opened(context, { recording });
    await expect.poll(place, WITHIN).toMatch(/^111 of 111/);
    const box = await page.locator('.histogram').boundingBox();
    if (!box) throw new Error('there is no picture of the time');
    await page.mouse.click(box.x + box.width / 2, box.y + 20);
    expect(await place()).toMatch(/^5[4-7] of 111/);
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('4');
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(place, WITHIN).toMatch(/^111 of 111/);
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });

  it('has a link: to a view, a node and a place', async (context) => {
    const { page, place } = await opened(context, { recording }, '#node=n1&at=12&record=11&marks=3');
    await expect.poll(place, WITHIN).toMatch(/^12 of 111/);
    await page.locator('.large[data-node=n1] svg').waitFor();
    expect(await page.locator('.details').textContent()).toContain('"type"');
    await page.keyboard.press(',');
    await expect.poll(() => new URL(page.url()).hash, WITHIN).toBe('#node=n1&at=11&record=11&marks=3');
  });

  it('of something live goes along, holds on and goes along again', async (context) => {
    const { inspector, page, place } = await opened(context);
    const { send } = await publisher(inspector, 'n1');
    send(spawn('n1'), turn('n1', 'green', 1), turn('n1', 'red', 2));
    const red = page.locator('nav [data-node=n1] .words');
    await expect.poll(() => red.textContent(), WITHIN).toBe('red');
    await page.getByRole('button', { name: 'Previous record' }).click();
    await expect.poll(() => red.textContent(), WITHIN).toBe('green');
    send(turn('n1', 'red', 3));
    await expect.poll(place, WITHIN).toMatch(/^\d of 5/);
    expect(await red.textContent()).toBe('green');
    await page.getByRole('button', { name: 'Go live' }).click();
    await expect.poll(() => red.textContent(), WITHIN).toBe('red');
  });
});

describe('a file', () => {
  const file = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  const trace = [traceHeader({ seed: 7 }), ...records].map((line) => JSON.stringify(line)).join('\n');
  const input = { name: 'Open a trace' };

  it('with a trace opens in the page, and closes again', async (context) => {
    const { page, place, complaints } = await opened(context);
    await page.getByLabel(input.name).setInputFiles(file('x.jsonl', trace));
    await expect.poll(place, WITHIN).toMatch(/^111 of 111/);
    expect(await page.locator('.top-bar').textContent()).toContain('x.jsonl · seed 7');
    await page.getByRole('button', { name: 'Close file' }).click();
    await expect.poll(() => page.locator('.status-bar').textContent(), WITHIN).toMatch(/^connected/);
    await expect.poll(place, WITHIN).toMatch(/^0 of 0/);
    expect(complaints).toEqual([]);
  });

  it('is dropped anywhere', async (context) => {
    const { page, place } = await opened(context);
    const data = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.jsonl'));
      return transfer;
    }, trace);
    await page.dispatchEvent('.page', 'dragover', { dataTransfer: data });
    await page.locator('.drop-zone').waitFor();
    await page.dispatchEvent('.page', 'drop', { dataTransfer: data });
    await expect.poll(place, WITHIN).toMatch(/^111 of 111/);
    await expect.poll(() => page.locator('.drop-zone').count(), WITHIN).toBe(0);
  });

  it.for([
    [
      'counterexample',
      { format: 'synod-counterexample', property: 'One Leader', verdict: 'is violated' },
      'One Leader is violated',
    ],
    ['replay file', { format: 'synod-replay', violation: { message: 'Two lead.' } }, 'Two lead.'],
  ] as const)('with a %s opens with its verdict', async ([, about, verdict], context) => {
    const { page, place } = await opened(context);
    const text = JSON.stringify({ ...about, trace: records }, undefined, 2);
    await page.getByLabel(input.name).setInputFiles(file('found.json', text));
    await expect.poll(place, WITHIN).toMatch(/^111 of 111/);
    expect(await page.locator('.verdict').textContent()).toBe(verdict);
  });

  it.for([
    ['of another version', JSON.stringify({ ...traceHeader(), version: 99 }), /^TRACE_VERSION: .*version 99/],
    ['that is something else', '{"a":1}', /^FILE_UNKNOWN: .*synod sim --save/],
    ['that is empty', '', /^FILE_UNKNOWN: /],
    ['that was cut off', trace.slice(0, -30), /^TRACE_INVALID: record 111 is not JSON.*What comes before it is shown/],
  ] as const)('%s is refused with a coded error', async ([, text, notice], context) => {
    const { page, complaints } = await opened(context);
    await page.getByLabel(input.name).setInputFiles(file('bad.jsonl', text));
    await expect.poll(() => page.locator('.notice').textContent(), WITHIN).toMatch(notice);
    expect(complaints).toEqual([]);
  });
});
