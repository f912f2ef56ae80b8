import { readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { TraceRecord } from '@synod/protocol';
import type { Page } from 'playwright-core';
import { expect, it, type TestContext } from 'vitest';
import { useBrowser } from '../../../inspector/test/support/browser.ts';
import { begin, emptyDirectory, synod } from './support/synod.ts';

const open = useBrowser();
const WITHIN = { timeout: 20_000 };

/** Opens what `synod inspect` shows of these arguments, run in the directory of a file. */
async function inspected(context: TestContext, ...args: readonly string[]) {
  const [first = ''] = args;
  const { saw } = begin(['inspect', ...args], undefined, isAbsolute(first) ? dirname(first) : undefined);
  const [url] = await saw(/http:\S+/, 60_000);
  const opened = await open(context, url);
  await expect.poll(() => place(opened.page), WITHIN).toBeGreaterThan(0);
  await isRead(opened.page);
  return opened;
}

/** Waits until the page has all of the run. */
const isRead = (page: Page) =>
  expect.poll(() => page.locator('.timeline').getAttribute('aria-busy'), WITHIN).toBe('false');

/** What was found before, by the arguments: to find it again takes seconds. */
const found = new Map<string, string>();

/** The file of what a command finds, in a directory of its own. */
async function saved(...args: readonly string[]): Promise<string> {
  const file = join(await emptyDirectory(), 'found.json');
  const known = found.get(args.join(' '));
  if (known === undefined) expect((await synod(...args, '--save', file)).code).toBe(1);
  else await writeFile(file, known);
  found.set(args.join(' '), known ?? (await readFile(file, 'utf8')));
  return file;
}

const tab = (page: Page, name: string) =>
  page.getByRole('tablist', { name: 'Views', exact: true }).getByRole('tab', { name, exact: true }).click();
const place = async (page: Page) =>
  Number(((await page.locator('.place').textContent()) ?? '').replace(/ of .*/, '').replaceAll(',', ''));
const slider = (page: Page) => page.getByRole('slider', { name: 'Place in the recording' });
const choices = (page: Page) => page.locator('.choice button');

it('a Raft mutant of the simulator: the broken property, its first bad step, and what the clients saw', {
  timeout: 60_000,
}, async (context) => {
  const file = await saved('sim', 'raft', '--mutant', 'truncates-always', '--seed', '1', '--nodes', '3', '--no-shrink');
  const { page, complaints } = await inspected(context, file);
  await tab(page, 'Verdicts');
  // One step breaks two promises.
  const violated = page.locator('.property.violated');
  await expect.poll(() => violated.count(), WITHIN).toBe(2);
  expect(await violated.nth(1).textContent()).toMatch(/State Machine Safety.*does not hold after a step of raft@n2/);
  const broken = violated.filter({ hasText: 'Leader Completeness' });
  expect(await broken.textContent()).toMatch(/Leader Completeness.*does not hold after a step of raft@n2/);
  expect(await page.locator('.property .sign.holds').count()).toBeGreaterThan(3);
  // Before the bad step it holds, after it no more.
  await slider(page).fill('500');
  await expect.poll(() => broken.locator('.here').textContent(), WITHIN).toBe('holds here');
  await broken.getByRole('button').click();
  await expect.poll(() => broken.locator('.here').textContent(), WITHIN).toBe('does not hold here');
  expect(await page.locator('.details').textContent()).toContain('"n2"');
  // Intervals of the clients, each within its row, the answered ones with a point at which they took effect.
  await page.getByRole('button', { name: 'All: show the whole history' }).click();
  const operations = page.locator('.operation.returned');
  expect(await operations.count()).toBeGreaterThan(20);
  const [operation, point] = [
    await operations.nth(5).locator('rect').boundingBox(),
    await operations.nth(5).locator('.point circle').boundingBox(),
  ];
  expect(point?.x).toBeGreaterThanOrEqual((operation?.x ?? 0) - 5);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await operations.first().focus();
  const before = await place(page);
  await page.keyboard.press('Enter');
  await expect.poll(() => place(page), WITHIN).not.toBe(before);
  expect(complaints).toEqual([]);
});

it('what is not linearizable: the operations that offend, and those without a place', {
  timeout: 60_000,
}, async (context) => {
  const run = ['--seed', '1', '--nodes', '3', '--seconds', '20', '--faults', 'drop:high,delay:high', '--no-shrink'];
  const { page } = await inspected(context, await saved('sim', 'multi-paxos', '--mutant', 'applies-anew', ...run));
  await tab(page, 'Verdicts');
  await expect.poll(() => page.locator('.history-verdict').textContent(), WITHIN).toContain('Not linearizable on key');
  expect(await page.locator('.operation.offends').count()).toBeGreaterThan(0);
  const stuck = page.locator('.operation.stuck');
  expect(await stuck.first().getAttribute('aria-label')).toContain('has no place in any order');
  expect(await stuck.first().locator('.no-place').count()).toBe(1);
  expect(await stuck.first().locator('.point').count()).toBe(0);
});

it("3PC's counterexample under a partition, step by step, and another choice in its place", {
  timeout: 60_000,
}, async (context) => {
  const { page, complaints } = await inspected(context, await saved('check', '3pc', '--partition'));
  await tab(page, 'Verdicts');
  const steps = page.locator('.steps li');
  await expect.poll(() => steps.count(), WITHIN).toBe(14);
  const agreement = page.locator('.property.violated');
  await agreement.getByRole('button').click();
  await expect.poll(() => agreement.locator('.here').textContent(), WITHIN).toBe('does not hold here');
  expect(await steps.nth(13).getAttribute('aria-current')).toBe('step');
  await page.getByRole('button', { name: 'Previous step' }).click();
  await expect.poll(() => agreement.locator('.here').textContent(), WITHIN).toBe('holds here');
  await steps.nth(7).getByRole('button').click();
  await expect
    .poll(() => page.locator('.walk-place').textContent(), WITHIN)
    .toMatch(/step 8 of 14: a partition parts c from/);
  // What is parted is parted in the drawing, from that step on.
  await tab(page, 'Topology');
  const cut = page.locator('.topology-link.cut');
  await expect.poll(() => cut.count(), WITHIN).toBeGreaterThan(0);
  const ends = await cut.evaluateAll((links) => links.map((link) => link.getAttribute('data-link') ?? ''));
  expect(ends.every((link) => /\bc\b/.test(link))).toBe(true);
  await page.keyboard.press('Home');
  await expect.poll(() => cut.count(), WITHIN).toBe(0);
  await tab(page, 'Verdicts');
  await steps.nth(7).getByRole('button').click();
  await tab(page, 'Lab');
  await expect.poll(() => choices(page).allTextContents(), WITHIN).toContain('healthe partition heals');
  await choices(page).getByText('the partition heals').click();
  await expect.poll(() => page.locator('.branch').count(), WITHIN).toBe(2);
  await tab(page, 'Verdicts');
  await expect.poll(() => steps.count(), WITHIN).toBe(9);
  expect(await page.locator('.property.violated .here').textContent()).not.toBe('does not hold here');
  expect(complaints).toEqual([]);
});

it('a fork: another delivery, and from there on another run', { timeout: 120_000 }, async (context) => {
  const file = await saved('sim', 'raft', '--mutant', 'truncates-always', '--seed', '1', '--nodes', '3', '--no-shrink');
  const { trace } = JSON.parse(await readFile(file, 'utf8')) as { readonly trace: readonly TraceRecord[] };
  const next = trace.findIndex(({ type }, index) => index > 400 && type === 'deliver');
  const { page, complaints } = await inspected(context, file);
  const events = async () => (await page.locator('.event').allTextContents()).join('\n');
  await tab(page, 'Lab');
  await page.getByLabel('What the log shows').selectOption('everything');
  // A message is about to arrive.
  const drop = choices(page).filter({ hasText: 'is lost' });
  await slider(page).fill(String(next));
  await expect.poll(() => page.locator('.choice.own').textContent(), WITHIN).toMatch(/^deliver/);
  await drop.first().click();
  const branch = page.locator('.branch.open');
  await expect.poll(() => branch.textContent(), WITHIN).toMatch(/is lost/);
  // The fork's records come after what is told of it.
  await expect.poll(events, WITHIN).toContain('this message is lost: a person chose it');
  await isRead(page);
  const here = await place(page);
  await page.getByLabel('steps').fill('30');
  await page.getByRole('button', { name: 'Go on so many steps' }).click();
  await expect.poll(() => place(page), WITHIN).toBeGreaterThan(here);
  expect(await page.locator('.branch').count()).toBe(2);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => page.locator('.saved').textContent(), WITHIN).toMatch(/^Saved synod-raft-1-fork\.json/);
  const repeated = await synod('replay', join(dirname(file), 'synod-raft-1-fork.json'), '--json');
  expect(JSON.parse(repeated.out)).toMatchObject({
    repeats: true,
    deviations: [{ choice: expect.stringMatching(/^drop:/) }],
  });
  await page.getByRole('button', { name: 'Show the fork' }).click();
  await expect.poll(() => place(page), WITHIN).toBeLessThan(here);
  const forked = await events();
  const at = await place(page);
  // The same moment of the first run goes on otherwise.
  await page.locator('.branch').first().getByRole('button').click();
  await expect.poll(() => page.locator('.branch').first().getAttribute('class'), WITHIN).toContain('open');
  await slider(page).fill(String(at));
  await expect.poll(events, WITHIN).not.toBe(forked);
  expect(await events()).not.toContain('a person chose it');
  expect(complaints).toEqual([]);
});

it('a small model: choosing each step, as a graph, by keyboard alone', { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await inspected(context, '2pc', '--model', 'gray-lamport', '--nodes', '2');
  await tab(page, 'Lab');
  await expect.poll(() => choices(page).count(), WITHIN).toBeGreaterThan(2);
  const prepare = choices(page).filter({ hasText: 'rm@rm1 takes resourceManager.prepare' });
  await prepare.press('Enter');
  await expect.poll(() => page.locator('nav [data-node=rm1] .words').textContent(), WITHIN).toBe('prepared');
  await page.getByRole('button', { name: 'Show as a graph' }).press('Enter');
  // The published count of Gray and Lamport.
  await expect.poll(() => page.locator('.graph-state').count(), WITHIN).toBe(56);
  await expect.poll(() => page.locator('.graph-state.current').count(), WITHIN).toBe(1);
  const current = async () => page.locator('.graph-state.current').getAttribute('data-state');
  const first = await current();
  await page.locator('.graph-state.current').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(current, WITHIN).not.toBe(first);
  await tab(page, 'Verdicts');
  await expect.poll(() => page.locator('.steps li').count(), WITHIN).toBe(3);
  await tab(page, 'Lab');
  await page.getByRole('button', { name: 'Go to a counterexample' }).click();
  await expect.poll(() => page.getByRole('alert').textContent(), WITHIN).toContain('No run was found');
  await page.getByRole('button', { name: 'Walk at random' }).click();
  await expect.poll(() => page.locator('.branch').count(), WITHIN).toBe(3);
  expect(complaints).toEqual([]);
});

it('a model that is too large for a graph is browsed all the same', { timeout: 120_000 }, async (context) => {
  const { page } = await inspected(context, 'raft', '--model', 'election', '--nodes', '3', '--mutant', 'leads-by-half');
  await tab(page, 'Lab');
  await page.getByRole('button', { name: 'Show as a graph' }).click();
  await expect.poll(() => page.getByRole('alert').textContent(), WITHIN).toMatch(/more than 300 states/);
  await page.getByRole('button', { name: 'Go to a counterexample' }).click();
  await tab(page, 'Verdicts');
  await expect
    .poll(() => page.locator('.property.violated .here').allTextContents(), WITHIN)
    .toContain('does not hold here');
});
