import { type NodeView, Sequence } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { RaftContext } from '../context.ts';
import type { Entry } from '../messages.ts';
import { raftProperties } from '../properties.ts';
import { entries, word } from './builders.ts';
import { Cluster, Historian } from './cluster.ts';
import { at, follower, type Role } from './support.ts';

interface Given {
  readonly role?: Role;
  readonly up?: boolean;
  readonly term?: number;
  readonly log?: readonly (number | Entry)[];
  readonly commit?: number;
  readonly applied?: number;
}

/** A world made by hand: what no run of the machine may come to can be written down all the same. */
const world = (...nodes: readonly Given[]): NodeView<RaftContext>[] =>
  nodes.map(({ role = 'follower', up = true, term = 1, log = [], commit = 0, applied = commit }, index) => ({
    node: `n${index + 1}`,
    actor: at(`n${index + 1}`),
    role: 'server',
    up,
    value: role === 'leader' ? { leader: 'idle' } : role,
    context: {
      ...follower().context,
      currentTerm: term,
      log: Sequence.from(entries(log)),
      commitIndex: commit,
      lastApplied: applied,
    },
  }));

const broken = (nodes: readonly NodeView<RaftContext>[]): string[] =>
  raftProperties.filter((property) => property.kind !== 'step' && !property.holds(nodes)).map(({ name }) => name);

describe('figure 3: each property can fail, and names what is wrong', () => {
  const [a, b] = [word(1, 'a'), word(1, 'b')];
  const table: readonly [string, NodeView<RaftContext>[], readonly string[]][] = [
    ['two leaders of one term', world({ role: 'leader' }, { role: 'leader' }), ['Election Safety']],
    ['two leaders of two terms', world({ role: 'leader', term: 1 }, { role: 'leader', term: 2 }), []],
    ['a second leader that is down', world({ role: 'leader' }, { role: 'leader', up: false }), []],
    ['a candidate beside a leader', world({ role: 'leader' }, { role: 'candidate' }), []],

    ['equal logs', world({ log: [1, 1, 2] }, { log: [1, 1, 2] }), []],
    ['one log a prefix', world({ log: [1, 1, 2] }, { log: [1] }, {}), []],
    ['logs that part', world({ log: [1, 1, 2] }, { log: [1, 1, 3] }), []],
    ['logs that meet again', world({ log: [1, 1, 3] }, { log: [1, 2, 3] }), ['Log Matching']],
    ['the same, one node down', world({ log: [1, 1, 3] }, { log: [1, 2, 3], up: false }), ['Log Matching']],
    ['same term, other command', world({ log: [a, 2] }, { log: [b, 2] }), ['Log Matching']],
    ['same term, other command, at the end', world({ log: [1, a] }, { log: [1, b] }), ['Log Matching']],
    ['meeting again in a longer log', world({ log: [1, 2, 2] }, { log: [1, 1, 2, 3] }), ['Log Matching']],

    ['a leader with what is committed', world({ role: 'leader', term: 2, log: [1, 2] }, { log: [1], commit: 1 }), []],
    [
      'a leader without',
      world({ role: 'leader', term: 2, log: [2] }, { log: [1], commit: 1 }),
      ['Leader Completeness'],
    ],
    [
      'a leader whose log is short',
      world({ role: 'leader', term: 2 }, { log: [1], commit: 1 }),
      ['Leader Completeness'],
    ],
    ['of its own term', world({ role: 'leader', term: 1 }, { term: 1, log: [1], commit: 1 }), ['Leader Completeness']],
    // A leader whose term is over has not heard of it yet; and what is only appended is not promised.
    ['a leader of an earlier term', world({ role: 'leader', term: 1 }, { term: 2, log: [2], commit: 1 }), []],
    ['a leader without what is only appended', world({ role: 'leader', term: 2, log: [2] }, { log: [1] }), []],

    ['the same applied', world({ log: [1, 2], commit: 2 }, { log: [1, 2], commit: 1 }), []],
    ['another applied', world({ log: [1], commit: 1 }, { log: [2], commit: 1 }), ['State Machine Safety']],
    [
      'another at the second index',
      world({ log: [1, 2], commit: 2 }, { log: [1, 3], commit: 2 }),
      ['State Machine Safety'],
    ],
    ['another appended, not applied', world({ log: [1, 2], commit: 1 }, { log: [1, 3], commit: 2 }), []],
    ['another that a node which is down has', world({ log: [1], commit: 1 }, { log: [2], commit: 1, up: false }), []],
  ];
  it.each(table)('%s', (_, nodes, expected) => {
    expect(broken(nodes)).toEqual(expected);
  });

  it.each([
    ['appends', { role: 'leader' }, { role: 'leader', log: [1, 1] }, true],
    ['cuts off', { role: 'leader' }, { role: 'leader', log: [] }, false],
    ['overwrites', { role: 'leader' }, { role: 'leader', log: [2] }, false],
    ['no longer leads', { role: 'leader' }, { role: 'follower', log: [] }, true],
    ['leads another term', { role: 'leader' }, { role: 'leader', term: 2, log: [] }, true],
    ['never led', { role: 'follower' }, { role: 'follower', log: [] }, true],
  ] as const satisfies readonly (readonly [string, Given, Given, boolean])[])(
    'Leader Append-Only, of one that %s',
    (_, before, after, holds) => {
      const given: readonly Given[] = [before, after];
      const [one, other] = world(...given.map((node) => ({ ...node, log: node.log ?? [1] })));
      const appendOnly = raftProperties.find((property) => property.kind === 'step');
      expect(appendOnly?.holds(one as NodeView<RaftContext>, other as NodeView<RaftContext>)).toBe(holds);
    },
  );

  it('all are safety, of figure 3, and hold of no node and of new ones', () => {
    expect(raftProperties.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'always Election Safety',
      'step Leader Append-Only',
      'always Log Matching',
      'always Leader Completeness',
      'always State Machine Safety',
    ]);
    for (const { source } of raftProperties) expect(source).toMatch(/^figure 3, §5\.\d/);
    expect(broken([])).toEqual([]);
    expect(broken(new Cluster({ size: 5 }).views())).toEqual([]);
  });

  it('they see a cluster as it is: a leader, its followers, and who is down', () => {
    const historian = new Historian();
    const cluster = new Cluster({ watch: historian.watch });
    cluster.timeout('n1');
    cluster.settle();
    cluster.crash('n3');
    const views = cluster.views();
    expect(views.map(({ up, value }) => [up, value])).toEqual([
      [true, { leader: 'idle' }],
      [true, 'follower'],
      [false, 'follower'],
    ]);
    // The same world with a second leader of the term: the property looks at the same fields that the machine writes.
    const second = views.map((view) => ({ ...view, value: { leader: 'idle' } }));
    expect(broken(views)).toEqual([]);
    expect(broken(second)).toContain('Election Safety');
  });
});
