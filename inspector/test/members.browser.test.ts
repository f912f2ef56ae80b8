import { describe, expect, it, onTestFinished } from 'vitest';
import { type Controls, type InspectorOptions, type InspectorServer, startInspector } from '../src/index.ts';
import { useBrowser } from './support/browser.ts';
import { publisher, sees, spawn } from './support.ts';

const open = useBrowser();
const WITHIN = { timeout: 10_000 };
const NODES = ['n1', 'n2', 'n3', 'n4'];

/** Four nodes that all see each other alive. */
async function cluster(options: InspectorOptions = {}) {
  const inspector = await startInspector(options);
  onTestFinished(() => inspector.stop());
  const nodes = new Map<string, Awaited<ReturnType<typeof publisher>>>();
  const begin = async (node: string) => {
    nodes.set(node, await publisher(inspector, node));
    nodes
      .get(node)
      ?.send(spawn(node), ...NODES.filter((other) => other !== node).map((other) => sees(node, other, 'alive')));
  };
  for (const node of NODES) await begin(node);
  const told = (node: string) => Object.keys(inspector.world[node]?.actors[`light@${node}`]?.members ?? {}).length;
  await expect.poll(() => NODES.map(told)).toEqual([3, 3, 3, 3]);
  const say = (node: string, ...seen: Parameters<typeof sees>[]) =>
    nodes.get(node)?.send(...seen.map((each) => sees(...each)));
  return { inspector, say, begin, leave: (node: string) => nodes.get(node)?.socket.close() };
}

/** Controls that only note what was asked for, and show it as a launcher would. */
function noted() {
  const asked: unknown[] = [];
  let inspector: InspectorServer | undefined;
  const controls: Controls = {
    kill: async (node) => void asked.push(['kill', node]),
    restart: async (node) => void asked.push(['restart', node]),
    pause: async (node) => {
      asked.push(['pause', node]);
      inspector?.showFaults({ paused: [node], groups: [] });
    },
    resume: async (node) => {
      asked.push(['resume', node]);
      inspector?.showFaults({ paused: [], groups: [] });
    },
    partition: async (groups) => {
      asked.push(['partition', groups]);
      inspector?.showFaults({ paused: [], groups: [...groups, NODES.filter((node) => !groups.flat().includes(node))] });
    },
    heal: async () => {
      asked.push(['heal']);
      inspector?.showFaults({ paused: [], groups: [] });
    },
  };
  const shown = (server: InspectorServer) => {
    inspector = server;
  };
  return { asked, controls, shown };
}

describe('the membership matrix', () => {
  it('shows a page that opens late how each sees each, and what changes', async (context) => {
    const { inspector, say, leave } = await cluster();
    say('n2', ['n2', 'n4', 'suspect', 3]);
    await expect.poll(() => inspector.world.n2?.actors['light@n2']?.members.n4?.status).toBe('suspect');
    const { page, complaints } = await open(context, inspector.newUrl());
    const cell = (observer: string, member: string) =>
      page.locator(`td[data-observer=${observer}][data-member=${member}]`);
    await cell('n2', 'n4').waitFor();
    expect(await page.locator('.matrix td').count()).toBe(16);
    expect(await cell('n2', 'n4').textContent()).toBe('?');
    expect(await cell('n2', 'n4').getAttribute('aria-label')).toBe('n2 sees n4: suspect, incarnation 3');
    expect(await cell('n1', 'n4').getAttribute('class')).toMatch(/\balive\b/);
    const summary = page.locator('.summary');
    expect(await summary.textContent()).toBe('3 alive1 disputed: n4');
    for (const node of ['n1', 'n2', 'n3']) say(node, [node, 'n4', 'dead', 3]);
    leave('n4');
    await expect.poll(() => summary.textContent(), WITHIN).toBe('3 alive1 deadall agree');
    expect(await cell('n3', 'n4').textContent()).toBe('×');
    // That it left comes by its own connection, after what the others say of it or before.
    const row = page.locator('tr[data-observer=n4]');
    await expect.poll(async () => (await row.getAttribute('class')) ?? '', WITHIN).toMatch(/\bdown\b/);
    expect(complaints).toEqual([]);
  });

  it('is walked by the arrow keys, tells of the cell it is at, and selects', async (context) => {
    const { inspector } = await cluster();
    const { page } = await open(context, inspector.newUrl());
    await page.locator('.matrix .corner').focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'End']) await page.keyboard.press(key);
    expect(await page.locator('.pointed').textContent()).toBe('n2 sees n4: alive, incarnation 0');
    await page.keyboard.press('Enter');
    expect(await page.locator('nav [data-node=n4] .node-name').getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('Home');
    expect(await page.locator('.pointed').textContent()).toBe('n2 sees 3 alive');
    await page.locator('thead [data-member=n3]').click();
    expect(await page.locator('nav [data-node=n3] .node-name').getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('tab', { name: 'Charts' }).click();
    await page.locator('.large[data-node=n3]').waitFor();
    await page.getByRole('tab', { name: 'Members' }).click();
    await page.locator('.matrix').waitFor();
  });

  it('parts the marked nodes from the rest, and heals', async (context) => {
    const { asked, controls, shown } = noted();
    const { inspector } = await cluster({ controls });
    shown(inspector);
    const { page } = await open(context, inspector.newUrl({ faults: true }));
    await page.getByRole('checkbox', { name: 'Mark n2' }).check();
    await page.locator('thead [data-member=n4]').click({ modifiers: ['Shift'] });
    await page.getByRole('button', { name: 'Partition marked' }).click();
    await expect.poll(() => page.locator('.parted').textContent(), WITHIN).toBe('Partitioned:A n2, n4B n1, n3Heal');
    expect(await page.locator('nav [data-node=n3] .group').textContent()).toBe('B');
    await page.getByRole('button', { name: 'Heal' }).click();
    await expect.poll(() => page.locator('.parted').count(), WITHIN).toBe(0);
    expect(asked).toEqual([['partition', [['n2', 'n4']]], ['heal']]);
  });

  it('pauses and resumes a node, and no longer asks it meanwhile', async (context) => {
    const { asked, controls, shown } = noted();
    const { inspector, say } = await cluster({ controls });
    shown(inspector);
    say('n1', ['n1', 'n2', 'dead']);
    const { page } = await open(context, inspector.newUrl({ faults: true }));
    const summary = page.locator('.summary');
    await expect.poll(() => summary.textContent(), WITHIN).toContain('1 disputed: n2');
    await page.getByRole('button', { name: 'Pause n1' }).click();
    await expect.poll(() => page.locator('nav [data-node=n1] .words').textContent(), WITHIN).toBe('paused');
    await expect.poll(() => summary.textContent(), WITHIN).toBe('4 aliveall agree');
    await page.getByRole('button', { name: 'Resume n1' }).click();
    await page.getByRole('button', { name: 'Pause n1' }).waitFor();
    expect(asked).toEqual([
      ['pause', 'n1'],
      ['resume', 'n1'],
    ]);
  });

  it('of a recording is as it was at each place of it, without controls', async (context) => {
    const records = [spawn('n1'), spawn('n2'), sees('n1', 'n2', 'alive'), sees('n1', 'n2', 'dead', 1)];
    const inspector = await startInspector({ recording: { records, about: {} } });
    onTestFinished(() => inspector.stop());
    const { page } = await open(context, inspector.newUrl());
    const cell = page.locator('td[data-observer=n1][data-member=n2]');
    await expect.poll(() => cell.textContent(), WITHIN).toBe('×');
    await page.getByRole('slider', { name: 'Place in the recording' }).fill('3');
    await expect.poll(() => cell.getAttribute('class'), WITHIN).toMatch(/\balive\b/);
    expect(await page.getByRole('checkbox').count()).toBe(0);
  });
});
