import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from './support/browser.ts';
import { raftCluster } from './support/raft-cluster.ts';

const open = useBrowser();
const WITHIN = { timeout: 15_000 };
const NODES = ['n1', 'n2', 'n3'];

async function topology(page: Page) {
  await page.getByRole('tab', { name: 'Topology' }).click();
  const node = (name: string) => page.locator(`.topology-node[data-node=${name}]`);
  for (const name of NODES) await node(name).waitFor();
  await page.locator('.links tbody tr').nth(3).waitFor();
  const link = (from: string, to: string) => page.locator(`.topology-link[data-link="${from}>${to}"]`);
  const parted = async () => page.locator('.parted .group').allTextContents();
  const words = async () =>
    Promise.all(NODES.map(async (name) => (await node(name).locator('.state-label').first().textContent()) ?? ''));
  return { node, link, parted, words };
}

/** The middle of a curve, on the screen. */
function middleOf(element: Element): [x: number, y: number] {
  const path = element as SVGPathElement;
  const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
  const frame = path.ownerSVGElement?.getBoundingClientRect();
  return [x + (frame?.left ?? 0), y + (frame?.top ?? 0)];
}

describe('the topology of a real cluster', { timeout: 60_000 }, () => {
  it('shows states and traffic; a partition drawn by mouse loses messages as faults, and is healed', async (context) => {
    const { inspector, lost } = await raftCluster(NODES);
    const { page, complaints } = await open(context, inspector.newUrl({ faults: true }));
    const { node, link, parted, words } = await topology(page);
    await expect.poll(async () => (await words()).sort(), WITHIN).toEqual(['follower', 'follower', 'leader']);
    const leader = NODES[(await words()).indexOf('leader')] as string;
    expect(await page.locator('.links tbody tr', { hasText: `${leader} →` }).count()).toBeGreaterThan(1);

    await page.getByRole('button', { name: 'Draw a partition' }).click();
    const [first, frame] = [
      await node('n1').locator('.disc').boundingBox(),
      await page.locator('.diagram').boundingBox(),
    ];
    if (!first || !frame) throw new Error('the drawing has no place');
    const y = first.y + first.height + 30;
    await page.mouse.move(frame.x + 5, y);
    await page.mouse.down();
    await page.mouse.move(frame.x + frame.width - 5, y, { steps: 4 });
    // Shown before it is done.
    const letters = () => Promise.all(NODES.map((name) => node(name).locator('.letter').textContent()));
    expect(new Set((await letters()).slice(1)).size).toBe(1);
    expect((await letters())[0]).not.toBe((await letters())[1]);
    expect(NODES.map(lost)).toEqual([0, 0, 0]);
    await page.mouse.up();
    await expect
      .poll(async () => (await parted()).map((text) => text.slice(2)).sort(), WITHIN)
      .toEqual(['n1', 'n2, n3']);
    await expect.poll(() => lost('n1'), WITHIN).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'Draw a partition' }).getAttribute('aria-pressed')).toBe('false');
    await expect.poll(() => link('n1', 'n2').getAttribute('class'), WITHIN).toMatch(/\bcut\b/);
    expect(await link('n2', 'n3').getAttribute('class')).not.toMatch(/\bcut\b/);

    await page.getByRole('button', { name: 'Heal', exact: true }).click();
    await expect.poll(parted, WITHIN).toEqual([]);
    await expect.poll(async () => (await words()).filter((word) => word === 'leader').length, WITHIN).toBe(1);

    // Back to when it lay: it is shown as it was, and cannot be healed.
    await page.keyboard.press('Home');
    const side = page.locator('.pane.side');
    await side.getByRole('tab', { name: 'Events' }).click();
    await side.getByRole('combobox', { name: 'Filter' }).fill('type:note partition');
    await side.locator('.event').first().click();
    await expect.poll(() => link('n1', 'n2').getAttribute('class'), WITHIN).toMatch(/\bcut\b/);
    expect((await parted()).map((text) => text.slice(2)).sort()).toEqual(['n1', 'n2, n3']);
    expect(await page.getByRole('button', { name: 'Heal', exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Go live' }).click();
    await expect.poll(parted, WITHIN).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('a link that is clicked has its numbers, and takes a fault; it is ended by its button', async (context) => {
    const { inspector, lost, notes } = await raftCluster(NODES);
    const { page, complaints } = await open(context, inspector.newUrl({ faults: true }), 'light');
    const { link, words } = await topology(page);
    await expect.poll(async () => (await words()).filter((word) => word === 'leader').length, WITHIN).toBe(1);
    const leader = NODES[(await words()).indexOf('leader')] as string;
    const [other] = NODES.filter((name) => name !== leader) as [string];
    const [x, y] = await link(leader, other).locator('.stroke').evaluate(middleOf);
    await page.mouse.click(x, y);
    const form = page.getByRole('region', { name: `Link ${leader} to ${other}` });
    await form.getByLabel('Drop').fill('100');
    await form.getByLabel('Delay').fill('5');
    await form.getByRole('button', { name: 'Lay on link' }).click();
    await expect.poll(() => lost(leader), WITHIN).toBeGreaterThan(2);
    const ending = page.getByRole('button', { name: `End drop 100 % from ${leader} to ${other}` });
    await ending.click();
    await ending.waitFor({ state: 'detached' });
    await expect.poll(() => notes(leader, 'DELAYED') + notes(other, 'DELAYED'), WITHIN).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(() => page.locator('.tools .laid').count(), WITHIN).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('all of it can be done by keyboard', async (context) => {
    const { inspector, lost, notes } = await raftCluster(NODES);
    const { page } = await open(context, inspector.newUrl({ faults: true }));
    const { node, parted } = await topology(page);
    await page.getByRole('button', { name: 'Draw a partition' }).focus();
    await page.keyboard.press('Enter');
    await node('n1').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await expect
      .poll(() => node('n2').locator('.letter').textContent())
      .not.toBe(await node('n3').locator('.letter').textContent());
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await parted()).map((text) => text.slice(2)), WITHIN).toEqual(['n2', 'n1, n3']);
    await expect.poll(() => lost('n2'), WITHIN).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Heal', exact: true }).press('Enter');
    await expect.poll(parted, WITHIN).toEqual([]);

    const any = page.getByRole('region', { name: 'Faults on any links' });
    await any.getByLabel('Duplicate').fill('100');
    await page.keyboard.press('Enter');
    await expect.poll(() => NODES.reduce((sum, name) => sum + notes(name, 'DUPLICATED'), 0), WITHIN).toBeGreaterThan(0);
    await expect.poll(() => page.locator('.links').textContent(), WITHIN).toMatch(/\+\d+ twice/);

    await page.getByRole('button', { name: 'Draw a partition' }).press('Enter');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Draw a partition' }).getAttribute('aria-pressed')).toBe('false');
    await node('n3').focus();
    await page.keyboard.press('Enter');
    const clock = page.getByRole('region', { name: 'Clock of n3' });
    await clock.getByLabel('Runs').fill('2');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'End clock of n3 at 2 times the true speed' }).waitFor();
  });

  it('an address to look on shows the same, and offers nothing to do', async (context) => {
    const { inspector, lost } = await raftCluster(NODES);
    const { page } = await open(context, inspector.newUrl());
    const { words } = await topology(page);
    await expect.poll(async () => (await words()).filter((word) => word === 'leader').length, WITHIN).toBe(1);
    expect(await page.getByRole('button', { name: 'Draw a partition' }).count()).toBe(0);
    expect(await page.getByRole('region', { name: 'Faults on any links' }).count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    // What the page does not offer, its server refuses.
    const refused = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/watch`);
          socket.onopen = () =>
            socket.send(JSON.stringify({ type: 'control', id: 5, control: 'partition', groups: [['n1']] }));
          socket.onmessage = ({ data }) => {
            if (String(data).includes('"result"')) resolve(String(data));
          };
        }),
    );
    expect(JSON.parse(refused)).toMatchObject({ id: 5, ok: false, code: 'CONTROL_FORBIDDEN' });
    expect(NODES.map(lost)).toEqual([0, 0, 0]);
  });
});
