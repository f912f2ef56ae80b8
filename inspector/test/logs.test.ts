import type { Chart, ProtocolView } from '@synod/protocol';
import { chartOf } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { protocol as raft } from '../../machines/src/raft/index.ts';
import { listOf } from '../page/views/logs/lists.ts';
import { logTables } from '../page/views/logs/logs.ts';
import { talliesOf } from '../page/views/logs/quorums.ts';
import { nobodySeen } from '../src/world/members.ts';
import type { World } from '../src/world/world.ts';

const VIEW: ProtocolView = {
  log: { field: 'log', group: 'term', marks: ['commitIndex'] },
  quorums: [
    { name: 'votes', field: 'votes', members: 'peers', withSelf: true, state: 'candidate' },
    { name: 'copied', field: 'match', members: 'peers', withSelf: true, state: 'leader' },
    { name: 'accepted', field: 'accepted', members: 'peers', needs: 'all' },
  ],
};
const root = chartOf(raft.machine).root;

type Contexts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A world of one actor a node, in a state, with a context. */
const world = (contexts: Contexts, state = 'follower', view: unknown = VIEW): World =>
  Object.fromEntries(
    Object.entries(contexts).map(([node, context]) => {
      const chart = { id: 'x', root, view } as Chart;
      const address = `replica@${node}`;
      const shown = { address, protocol: 'replica', chart, state, context, phase: 'running' as const };
      return [
        node,
        {
          node,
          up: node !== 'n9',
          about: {},
          actors: { [address]: { ...shown, lastTransitions: [], members: nobodySeen } },
        },
      ];
    }),
  ) as unknown as World;

const entries = (...terms: readonly number[]) => terms.map((term, at) => ({ term, command: `c${at + 1}` }));

describe('logs side by side', () => {
  it('have a column for each index from 1, a group for each entry, marks and the last index', () => {
    const [table] = logTables(
      world({
        n2: { log: entries(1, 1), commitIndex: 1 },
        n10: { log: [], commitIndex: 0 },
        n1: { log: entries(1, 1, 2), commitIndex: 2 },
      }),
    );
    expect(table?.indices).toEqual([1, 2, 3]);
    expect(table?.rows.map(({ node, last, marks }) => [node, last, marks[0]?.index])).toEqual([
      ['n1', 3, 2],
      ['n2', 2, 1],
      ['n10', 0, 0],
    ]);
    expect([...(table?.rows[0]?.entries.values() ?? [])].map(({ group }) => group)).toEqual(['1', '1', '2']);
    expect(table?.disputed).toEqual([]);
  });

  it('tell where replicas differ, and which of them from most', () => {
    const [table] = logTables(
      world({ n1: { log: entries(1, 2) }, n2: { log: entries(1, 3) }, n3: { log: entries(1, 3, 3) } }),
    );
    expect(table?.disputed).toEqual([2]);
    expect(table?.rows.map(({ entries: row }) => row.get(2)?.agrees)).toEqual([false, true, true]);
  });

  it('compare only what is to agree, where the protocol says so', () => {
    const view = { log: { field: 'log', group: 'ballot', agreed: 'value' } };
    const log = (round: number, value: string) => ({ log: [{ ballot: { round, by: 'a@n1' }, value }, null] });
    const agreeing = logTables(world({ n1: log(1, 'x'), n2: log(2, 'x') }, 's', view))[0];
    expect([agreeing?.disputed, agreeing?.rows[1]?.entries.get(1)?.group]).toEqual([[], '2']);
    expect(logTables(world({ n1: log(1, 'x'), n2: log(2, 'y') }, 's', view))[0]?.disputed).toEqual([1]);
  });

  it('that a viewer got cut show their ends at their true indices', () => {
    const cut = { log: ['… 100 more', ...entries(4, 4)], commitIndex: 102 };
    const [table] = logTables(world({ n1: cut, n2: { log: ['… 99 more', ...entries(4, 4)] } }));
    expect(table?.indices).toEqual([100, 101, 102]);
    expect(table?.rows.map(({ last, entries: row }) => [last, [...row.keys()]])).toEqual([
      [102, [101, 102]],
      [101, [100, 101]],
    ]);
  });

  it('that are far apart show the newest columns, and where the others end', () => {
    const [table] = logTables(world({ n1: { log: ['… 500 more', ...entries(4, 4)] }, n2: { log: entries(1) } }));
    expect([table?.indices.length, table?.indices.at(-1), table?.rows[1]?.last, table?.rows[1]?.entries.size]).toEqual([
      40, 502, 1, 0,
    ]);
  });

  it.each([
    null,
    { log: 'log' },
    { log: { field: 7 } },
    { log: { field: '__proto__' } },
    { log: { field: 'nothing' } },
    [],
  ])('are not there for a view of %o', (view) => {
    expect(logTables(world({ n1: { log: entries(1) } }, 's', view))).toEqual([]);
  });

  it.each([
    [[1, 2], { hidden: 0, items: [1, 2] }],
    [['… 3 more', 'x'], { hidden: 3, items: ['x'] }],
    ['no list', undefined],
  ])('reads the list %o', (value, list) => {
    expect(listOf(value)).toEqual(list);
  });
});

describe('quorums', () => {
  const peers = ['replica@n2', 'replica@n3', 'replica@n4', 'replica@n5'];

  it('count those in a list, the actor itself if it is one of them, against a majority', () => {
    const tallies = talliesOf(world({ n1: { votes: ['replica@n1', 'replica@n3'], peers } }, 'candidate'));
    expect(tallies).toMatchObject([{ what: 'votes', answered: 2, needed: 3, members: { length: 5 } }]);
    expect(tallies[0]?.members.filter(({ hasAnswered }) => hasAnswered).map(({ address }) => address)).toEqual([
      'replica@n1',
      'replica@n3',
    ]);
  });

  it('count by numbers who has the whole log, and by key the last few', () => {
    const match = { 'replica@n2': 2, 'replica@n3': 1, 'replica@n4': 2, 'replica@n5': 0 };
    const accepted = { 1: ['replica@n2'], 2: peers };
    const tallies = talliesOf(world({ n1: { match, accepted, peers, log: entries(1, 1) } }, 'leader'));
    expect(tallies.map(({ what, answered, needed }) => [what, answered, needed])).toEqual([
      ['copied through 2', 3, 3],
      ['accepted 1', 1, 4],
      ['accepted 2', 4, 4],
    ]);
  });

  it.each([
    { what: 'in another state', state: 'follower', node: 'n1', context: { votes: peers, peers } },
    { what: 'with nobody asked yet', state: 'candidate', node: 'n1', context: { votes: [], peers } },
    { what: 'on a node that is down', state: 'candidate', node: 'n9', context: { votes: peers, peers } },
    { what: 'with odd values', state: 'candidate', node: 'n1', context: { votes: 'all', peers: 7 } },
  ])('are not told $what', ({ state, node, context }) => {
    expect(talliesOf(world({ [node]: context }, state))).toEqual([]);
  });
});
