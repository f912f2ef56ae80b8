import type { TraceRecord } from '@synod/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startInspector } from '../src/index.ts';
import { useBrowser } from './support/browser.ts';
import { note, spawn, turn } from './support.ts';

const open = useBrowser();
const WITHIN = { timeout: 10_000 };

/** Both turn green, n1 crashes, and there it ends. */
const records: readonly TraceRecord[] = [
  spawn('n1'),
  spawn('n2'),
  turn('n1', 'green', 1),
  turn('n2', 'green', 1),
  note('n2', 'half way'),
  { ...note('n1', ''), type: 'crash', reason: 'fault' } as TraceRecord,
];

async function opened(context: Parameters<typeof open>[0]) {
  const recording = { records, about: { file: 'run.json', seed: 7 }, verdict: 'Two are green.' };
  const inspector = await startInspector({ recording });
  onTestFinished(() => inspector.stop());
  const { page, complaints } = await open(context, inspector.newUrl());
  const green = (node: string) => page.locator(`.card[data-node=${node}] [data-state="light.green"].active`).count();
  const place = () => page.locator('.place').textContent();
  await expect.poll(place, WITHIN).toMatch(/^6 of 6/);
  return { page, complaints, green, place };
}

describe('the page shows a recording', () => {
  it('at its end first: what it is of, what it shows, and no controls', async (context) => {
    const { page, complaints, green } = await opened(context);
    await expect.poll(() => green('n2'), WITHIN).toBe(1);
    expect(await page.locator('.top-bar').textContent()).toContain('run.json · seed 7');
    expect(await page.locator('.verdict').textContent()).toBe('Two are green.');
    expect(await page.locator('nav [data-node=n1] .words').textContent()).toBe('crashed');
    expect(await page.getByRole('button', { name: 'Kill n1' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('at any place of it: by the slider, by steps and by the log', async (context) => {
    const { page, green, place } = await opened(context);
    const slider = page.getByRole('slider', { name: 'Place in the recording' });
    await slider.fill('3');
    await expect.poll(() => green('n1'), WITHIN).toBe(1);
    expect(await green('n2')).toBe(0);
    expect(await page.locator('.event.ahead').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Next record' }).click();
    await expect.poll(() => green('n2'), WITHIN).toBe(1);
    await page.getByRole('button', { name: 'Previous record' }).click();
    await expect.poll(place, WITHIN).toMatch(/^3 of 6/);
    await page.locator('.event.note').click();
    await expect.poll(place, WITHIN).toMatch(/^5 of 6/);
    await page.getByRole('button', { name: 'First record' }).click();
    expect(await page.locator('nav').textContent()).toContain('Nothing has happened yet.');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(place, WITHIN).toMatch(/^1 of 6/);
  });

  it('running, from its beginning to its end', async (context) => {
    const { page, place } = await opened(context);
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(place, WITHIN).toMatch(/^[1-5] of 6/);
    await expect.poll(place, WITHIN).toMatch(/^6 of 6/);
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });

  it('where an address leads, and the address leads where the page is', async (context) => {
    const { page, place } = await opened(context);
    const hash = () => new URL(page.url()).hash;
    const details = () => page.locator('.details').textContent();
    const go = (to: string) => page.evaluate((given) => location.assign(given), to);
    await go('#at=3&record=1');
    await expect.poll(place, WITHIN).toMatch(/^3 of 6/);
    expect(await details()).toContain('#2 on n2');
    // A record by itself is to be seen where it has just happened.
    await go('#record=4');
    await expect.poll(place, WITHIN).toMatch(/^5 of 6/);
    expect(await details()).toContain('half way');
    await page.getByRole('button', { name: 'First record' }).click();
    await expect.poll(hash, WITHIN).toContain('at=0');
    // The end is a place as any other.
    await page.getByRole('button', { name: 'Last record' }).click();
    await expect.poll(hash, WITHIN).toContain('at=6');
    // What is not there is as near as can be, and the address goes on with the page.
    await go('#at=700&record=700');
    await expect.poll(place, WITHIN).toMatch(/^6 of 6/);
    await expect.poll(() => page.locator('.details').count(), WITHIN).toBe(0);
    await expect.poll(hash, WITHIN).toBe('#at=6');
  });
});
