import { address } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { SplitBrainOptions } from '../../src/index.ts';
import { ofType } from '../support.ts';
import { claim } from './stand-in.ts';
import { together } from './support.ts';

const STABLE_MS = 1_000;
const NAMES = ['n1', 'n2', 'n3', 'n4', 'n5'];
const MINORITY = ['n1', 'n2'];
const MAJORITY = ['n3', 'n4', 'n5'];

const five = (options: Partial<SplitBrainOptions> = {}) =>
  together(NAMES, {
    splitBrain: { strategy: 'keep-majority', stableAfterMs: STABLE_MS, ...options } as SplitBrainOptions,
  });

/** Both sides hold each other dead. */
const part = async ({ hold }: Awaited<ReturnType<typeof five>>, a = MINORITY, b = MAJORITY) => {
  for (const name of b) await hold(a, name, 'dead');
  for (const name of a) await hold(b, name, 'dead');
};

describe('a split cluster', () => {
  it('goes on in one part; the other stops, and says so', async () => {
    const stage = await five();
    const { clock, node } = stage;
    await part(stage);
    expect(node('n3').told().slice(-2)).toEqual(['unreachable n1', 'unreachable n2']);
    expect(node('n3').system.cluster.members).toHaveLength(5);
    await clock.advance(STABLE_MS);
    for (const name of MINORITY) {
      expect(await node(name).system.closed).toMatchObject({ code: 'CLUSTER_DOWNED' });
      expect(node(name).events.at(-1)).toMatchObject({ type: 'downed', code: 'CLUSTER_DOWNED' });
      expect(ofType(node(name).trace, 'crash')).toHaveLength(1);
    }
    for (const name of MAJORITY) {
      const { members, gone } = node(name).system.cluster;
      expect([members, gone].map((list) => list.map((member) => member.node))).toEqual([MAJORITY, MINORITY]);
      expect(node(name).told().slice(-2)).toEqual(['died n1', 'died n2']);
    }
  });

  it('ends watches when it is decided, and not before', async () => {
    const stage = await five({ onDown: () => undefined });
    const ends: object[] = [];
    stage
      .node('n3')
      .system.watch(address('facts', 'n1'))
      .subscribe((end) => ends.push(end));
    await stage.clock.advance(0);
    await part(stage);
    await stage.clock.advance(STABLE_MS - 1);
    expect(ends).toEqual([]);
    await stage.clock.advance(1);
    expect(ends).toEqual([{ type: 'Terminated', actor: 'facts@n1', reason: 'node-dead' }]);
  });

  it('is left to the embedder if it wants to decide how to stop', async () => {
    const errors: unknown[] = [];
    const stage = await five({ onDown: (error) => errors.push(error) });
    await part(stage);
    await stage.clock.advance(STABLE_MS);
    expect(errors).toMatchObject([{ code: 'CLUSTER_DOWNED' }, { code: 'CLUSTER_DOWNED' }]);
    const { system } = stage.node('n1');
    expect(await Promise.race([system.closed, 'open'])).toBe('open');
    // Nobody would listen to a goodbye.
    await system.shutdown();
    expect(stage.node('n1').notes('LEAVE_TIMEOUT')).toEqual([]);
  });

  it('is not decided before it has been the same for long enough', async () => {
    const stage = await five();
    const { clock, node, hold } = stage;
    await hold(['n1'], 'n3', 'dead');
    await clock.advance(STABLE_MS - 1);
    await hold(['n1'], 'n4', 'dead');
    await clock.advance(STABLE_MS - 1);
    expect(node('n1').told().slice(-2)).toEqual(['unreachable n3', 'unreachable n4']);
    await clock.advance(1);
    expect(node('n1').told().slice(-2)).toEqual(['died n3', 'died n4']);
  });

  it('is not decided while it is open what becomes of a suspected member', async () => {
    const stage = await five();
    const { clock, node, hold } = stage;
    await hold(['n1'], 'n3', 'dead');
    await hold(['n1'], 'n4', 'suspect');
    await hold(['n1'], 'n5', 'suspect');
    await clock.advance(5 * STABLE_MS);
    await hold(['n1'], 'n4', 'alive');
    expect(node('n1').told().at(-1)).toBe('recovered n4');
    await hold(['n1'], 'n5', 'dead');
    await clock.advance(STABLE_MS - 1);
    expect(node('n1').told().at(-1)).toBe('unreachable n5');
    await clock.advance(1);
    expect(node('n1').told().slice(-2)).toEqual(['died n3', 'died n5']);
  });

  it('does not wait for suspicions that came too late', async () => {
    const { clock, node, hold } = await five();
    await hold(['n1'], 'n3', 'dead');
    await hold(['n1'], 'n4', 'suspect');
    await clock.advance(STABLE_MS);
    await hold(['n1'], 'n5', 'suspect');
    await hold(['n1'], 'n4', 'alive');
    expect(node('n1').told().at(-1)).toBe('died n3');
  });

  it('is forgotten when all can be reached again', async () => {
    const stage = await five();
    const { clock, node, hold } = stage;
    await part(stage);
    await clock.advance(STABLE_MS - 1);
    for (const name of NAMES) await hold(NAMES, name, 'alive');
    await clock.advance(10 * STABLE_MS);
    for (const name of NAMES) expect(node(name).system.cluster.members).toHaveLength(5);
    expect(node('n1').told().slice(-3)).toEqual(['recovered n3', 'recovered n4', 'recovered n5']);
  });

  it('does not count who came while it was split', async () => {
    const { clock, node, hold, say } = await five();
    await hold(['n1', 'n2'], 'n3', 'suspect');
    for (const name of ['x1', 'x2', 'x3']) for (const at of MINORITY) await say(at, claim(name));
    for (const name of MAJORITY) await hold(MINORITY, name, 'dead');
    await clock.advance(STABLE_MS);
    expect(await node('n1').system.closed).toMatchObject({ code: 'CLUSTER_DOWNED' });
  });
});

describe('a member that was given up', () => {
  const split = async () => {
    const stage = await five({ onDown: () => undefined });
    for (const name of MINORITY) await stage.hold(MAJORITY, name, 'dead');
    await stage.clock.advance(STABLE_MS);
    return stage;
  };

  it('and is heard of again is told, and stops', async () => {
    const { clock, node, hold } = await split();
    await hold(['n3'], 'n1', 'alive');
    await clock.advance(0);
    expect(node('n1').told().at(-1)).toBe('downed');
    expect(node('n3').told().at(-1)).toBe('died n2');
    expect(node('n3').system.cluster.members.map((member) => member.node)).toEqual(MAJORITY);
  });

  it('is welcome in another life', async () => {
    const { node, say } = await split();
    await say('n3', claim('n1', 'alive', { life: 'another' }, 1));
    expect(node('n3').told().at(-1)).toBe('joined n1');
  });

  it('is told so by members alone, and in its present life', async () => {
    const { clock, node, start } = await five();
    await start('stranger', { splitBrain: { strategy: 'down-all' } });
    const life = node('n1').system.cluster.members[0]?.metadata.life;
    const down = (from: string, ended = life) =>
      node(from).system.send(address('system', 'n1'), { type: 'Down', life: ended } as { type: string });
    down('stranger');
    down('n2', 'another');
    await clock.advance(0);
    expect(node('n1').told()).not.toContain('downed');
    expect(ofType(node('n1').trace, 'drop')).toMatchObject([{ reason: 'dead-letter' }, { reason: 'dead-letter' }]);
    down('n2');
    await clock.advance(0);
    expect(node('n1').told()).toContain('downed');
  });
});

describe('keep-oldest', () => {
  it('knows ages from the order of joining', async () => {
    const stage = await together(['n3'], { splitBrain: { strategy: 'keep-oldest', stableAfterMs: STABLE_MS } });
    const { start, meet, node, clock, hold } = stage;
    for (const name of ['n1', 'n2']) {
      await start(name);
      await meet();
    }
    const ages = node('n1').system.cluster.members.map(({ node: name, metadata }) => [name, metadata.age]);
    expect(ages).toEqual([
      ['n1', '2'],
      ['n2', '3'],
      ['n3', '1'],
    ]);
    await hold(['n2', 'n3'], 'n1', 'dead');
    await hold(['n1'], 'n2', 'dead');
    await hold(['n1'], 'n3', 'dead');
    await clock.advance(STABLE_MS);
    expect(await node('n1').system.closed).toMatchObject({ code: 'CLUSTER_DOWNED' });
    expect(node('n2').told().at(-1)).toBe('died n1');
  });
});
