import type { TraceRecord } from '@synod/protocol';
import { chartOf } from '@synod/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { protocol as raft } from '../../machines/src/raft/index.ts';
import { type InspectorOptions, startInspector } from '../src/index.ts';
import { useBrowser } from './support/browser.ts';
import { hostile } from './support/machines.ts';
import { note, publisher } from './support.ts';

const open = useBrowser();
const NODES = ['n1', 'n2', 'n3'];
const WITHIN = { timeout: 10_000 };

let seq = 0;
const base = (node: string) => ({ seq: ++seq, at: seq, node, clock: { [node]: seq } });
const spawn = (node: string): TraceRecord => ({
  ...base(node),
  type: 'spawn',
  actor: `raft@${node}`,
  protocol: 'raft',
  chart: chartOf(raft.machine),
  state: 'follower',
  context: { currentTerm: 4 },
  recovered: false,
});
const transition = (node: string, state: unknown, ref: string): TraceRecord => ({
  ...base(node),
  type: 'transition',
  actor: `raft@${node}`,
  event: 'RequestVoteReply',
  state: state as never,
  transitions: [ref],
  changed: { currentTerm: 5 },
});

/** An inspector with three nodes that say what the test says. */
async function cluster(options: InspectorOptions = {}) {
  const inspector = await startInspector(options);
  onTestFinished(() => inspector.stop());
  const nodes = new Map<string, Awaited<ReturnType<typeof publisher>>>();
  for (const node of NODES) {
    nodes.set(node, await publisher(inspector, node));
    nodes.get(node)?.send(spawn(node));
  }
  const say = (node: string, ...records: TraceRecord[]) => nodes.get(node)?.send(...records);
  return { inspector, say, leave: (node: string) => nodes.get(node)?.socket.close() };
}

describe('the page', () => {
  it.for(['light', 'dark'] as const)(
    'shows each node and its chart, the active state lit (%s)',
    async (scheme, context) => {
      const { inspector } = await cluster();
      const { page, complaints } = await open(context, inspector.newUrl(), scheme);
      await expect.poll(() => page.locator('nav [data-node]').count(), WITHIN).toBe(3);
      await expect.poll(() => page.locator('.card svg').count(), WITHIN).toBe(3);
      const follower = page.locator('.card[data-node=n1] [data-state="raft.follower"]');
      await expect.poll(() => follower.getAttribute('class'), WITHIN).toMatch(/\bactive\b/);
      expect(await page.locator('.card[data-node=n1] [data-state="raft.leader"]').getAttribute('class')).not.toMatch(
        /\bactive\b/,
      );
      expect(await page.locator('html').getAttribute('data-theme')).toBe(scheme);
      expect(new URL(page.url()).search).toBe('');
      expect(complaints).toEqual([]);
    },
  );

  it('lights a transition as it is taken, and the state it leads to', async (context) => {
    const { inspector, say } = await cluster();
    const { page } = await open(context, inspector.newUrl());
    await page.locator('.card[data-node=n2]').click();
    await page.locator('.large svg').waitFor();
    const leader = page.locator('.large [data-state="raft.leader"]');
    expect(await leader.getAttribute('class')).not.toMatch(/\bactive\b/);
    // It is lit for a moment only: the page itself tells what was.
    const lit = page.evaluate(
      () =>
        new Promise<readonly string[]>((resolve) => {
          new MutationObserver(() => {
            const events = [...document.querySelectorAll('.large .taken [class~=event]')];
            if (events.length > 0) resolve(events.map(({ textContent }) => textContent ?? ''));
          }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['class'] });
        }),
    );
    say('n2', transition('n2', { leader: 'idle' }, 'raft.candidate#always[0]'));
    await expect.poll(() => leader.getAttribute('class'), WITHIN).toMatch(/\bactive\b/);
    expect(await lit).toContain('always');
    await expect.poll(() => page.locator('.large .taken').count(), WITHIN).toBe(0);
    expect(await page.locator('nav [data-node=n2]').textContent()).toMatch(/leader · idle.*currentTerm5/);
  });

  it('asks to kill a node by its button, and shows it down', async (context) => {
    const asked: string[] = [];
    const { inspector, leave } = await cluster({
      controls: {
        kill: async (node) => {
          asked.push(`kill ${node}`);
          leave(node);
        },
        restart: () => Promise.reject(new Error('no disk')),
      },
    });
    const { page } = await open(context, inspector.newUrl({ faults: true }));
    await page.getByRole('button', { name: 'Kill n3' }).click();
    await expect.poll(() => page.locator('nav [data-node=n3]').getAttribute('data-up'), WITHIN).toBe('false');
    expect(asked).toEqual(['kill n3']);
    expect(await page.getByRole('button', { name: 'Kill n3' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Restart n3' }).click();
    await expect.poll(() => page.locator('.notice').textContent(), WITHIN).toBe('no disk');
  });

  it('offers no control where none is permitted', async (context) => {
    const { inspector } = await cluster();
    const { page } = await open(context, inspector.newUrl());
    await page.locator('nav [data-node=n1]').waitFor();
    await expect.poll(() => page.locator('.status-bar').textContent(), WITHIN).toContain('only looks on');
    expect(await page.getByRole('button', { name: 'Kill n1' }).count()).toBe(0);
  });

  it('shows a hostile trace as text', async (context) => {
    const { inspector, say } = await cluster();
    const { page, complaints } = await open(context, inspector.newUrl());
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    say('n1', note('n1', hostile));
    await expect.poll(() => page.locator('.event.note .event-text').allTextContents(), WITHIN).toContain(hostile);
    await page.locator('.event.note', { hasText: hostile }).click();
    expect(await page.locator('.details pre').textContent()).toContain('<script>');
    expect(await page.title()).toBe('Synod inspector');
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows a chart with hostile names as text', async (context) => {
    const { inspector, say } = await cluster();
    const { page, complaints } = await open(context, inspector.newUrl());
    say('n1', { ...spawn('n1'), chart: chartOf(hostile), state: 'a' } as TraceRecord);
    await page.locator('nav [data-node=n1] .node-name').click();
    const events = page.locator('.large .label .event');
    await expect.poll(() => events.allTextContents(), WITHIN).toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('filters by text and by expression, and keeps still while paused', async (context) => {
    const { inspector, say } = await cluster();
    const { page } = await open(context, inspector.newUrl());
    say('n1', note('n1', 'alpha 1'), note('n1', 'beta 2'));
    const texts = () => page.locator('.event-text').allTextContents();
    await expect.poll(texts, WITHIN).toEqual(expect.arrayContaining(['alpha 1', 'beta 2']));
    const filter = page.getByRole('combobox', { name: 'Filter' });
    await filter.fill('ALPHA');
    await expect.poll(texts, WITHIN).toEqual(['alpha 1']);
    await filter.fill('/(alpha|beta) [12]/');
    await expect.poll(texts, WITHIN).toEqual(['alpha 1', 'beta 2']);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    say('n1', note('n1', 'alpha 2'));
    await expect.poll(() => page.locator('.status-bar').textContent(), WITHIN).toContain('9 records');
    expect(await texts()).toEqual(['alpha 1', 'beta 2']);
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await expect.poll(texts, WITHIN).toEqual(['alpha 1', 'beta 2', 'alpha 2']);
  });

  it('works by keyboard alone, and remembers the theme', async (context) => {
    const { inspector } = await cluster();
    const { page } = await open(context, inspector.newUrl(), 'dark');
    await page.locator('nav [data-node=n1]').waitFor();
    await page.keyboard.press('t');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.keyboard.press('t');
    for (const name of ['Open a trace', 'Save page', 'Keys', 'Light theme']) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      expect((await focused.getAttribute('aria-label')) ?? (await focused.textContent())).toBe(name);
    }
    await page.keyboard.press('Enter');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.locator('nav [data-node=n1] .node-name').focus();
    await page.keyboard.press('Enter');
    await page.locator('.large[data-node=n1] svg').waitFor();
  });

  it('says when the server is gone', async (context) => {
    const { inspector } = await cluster();
    const { page } = await open(context, inspector.newUrl());
    await expect.poll(() => page.locator('.status-bar').textContent(), WITHIN).toContain('connected');
    await inspector.stop();
    await expect.poll(() => page.locator('.top-bar').textContent(), WITHIN).toContain('disconnected');
  });
});
