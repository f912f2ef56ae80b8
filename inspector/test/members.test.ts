import type { TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { inShort, matrixOf, type Observer, observerNames, observersOf, verdictsOf } from '../page/state/matrix.ts';
import { MAX_MEMBERS, type SeenMembers } from '../src/world/members.ts';
import { emptyWorld, type World, withNode, withRecord } from '../src/world/world.ts';
import { emitted, sees, spawn } from './support.ts';

const told = (...records: TraceRecord[]): World => records.reduce(withRecord, emptyWorld);
const membersOf = (world: World, node: string) => ({ ...world[node]?.actors[`light@${node}`]?.members });

describe('what an actor tells of members', () => {
  it('is folded from what it emits, whatever its protocol is called', () => {
    const world = told(spawn('n1'), sees('n1', 'n2', 'alive'), sees('n1', 'n3', 'alive'), sees('n1', 'n2', 'dead', 4));
    expect(membersOf(world, 'n1')).toEqual({
      n2: { status: 'dead', incarnation: 4 },
      n3: { status: 'alive', incarnation: 0 },
    });
  });

  it('begins anew with each life', () => {
    const world = told(spawn('n1'), sees('n1', 'n2', 'alive'), spawn('n1'));
    expect(membersOf(world, 'n1')).toEqual({});
    const gone = withNode(told(spawn('n1'), sees('n1', 'n2', 'alive')), 'n1', true);
    expect(gone.n1?.actors).toEqual({});
  });

  const member = { node: 'n2', status: 'alive', incarnation: 0, metadata: {} };
  it.each([
    { what: 'another event', event: { type: 'leaderChanged', member } },
    { what: 'no member', event: { type: 'memberChanged' } },
    { what: 'a status that is none', event: { type: 'memberChanged', member: { ...member, status: 'well' } } },
    { what: 'a negative incarnation', event: { type: 'memberChanged', member: { ...member, incarnation: -1 } } },
    {
      what: 'an incarnation that is no whole number',
      event: { type: 'memberChanged', member: { ...member, incarnation: 0.5 } },
    },
    { what: 'a name too long', event: { type: 'memberChanged', member: { ...member, node: 'x'.repeat(129) } } },
    { what: 'no name', event: { type: 'memberChanged', member: { ...member, node: '' } } },
  ])('$what changes nothing', ({ event }) => {
    const before = told(spawn('n1'));
    expect(withRecord(before, emitted('n1', event))).toBe(before);
  });

  it('said again is no change: nothing is drawn anew', () => {
    const before = told(spawn('n1'), sees('n1', 'n2', 'alive'));
    expect(withRecord(before, sees('n1', 'n2', 'alive'))).toBe(before);
  });

  it('is bounded, and a name like __proto__ is a name', () => {
    const many = Array.from({ length: MAX_MEMBERS + 5 }, (_, index) => sees('n1', `m${index}`, 'alive'));
    const world = told(spawn('n1'), sees('n1', '__proto__', 'dead'), ...many, sees('n1', 'm7', 'dead'));
    const members = world.n1?.actors['light@n1']?.members ?? {};
    expect(Object.keys(members)).toHaveLength(MAX_MEMBERS);
    expect(Object.hasOwn(members, '__proto__')).toBe(true);
    expect(members.m7?.status).toBe('dead');
  });
});

describe('the matrix', () => {
  it('has a row for each that looks, and a column for each of whom is told', () => {
    const world = told(spawn('n10'), spawn('n2'), sees('n2', 'n10', 'alive'), sees('n10', 'n3', 'left', 1));
    expect(observerNames(world)).toEqual(['light']);
    const { rows, columns } = matrixOf(observersOf(world, 'light'));
    expect(rows.map(({ node }) => node)).toEqual(['n2', 'n10']);
    expect(columns).toEqual(['n2', 'n3', 'n10']);
  });

  it('is not there where nobody tells of members', () => {
    expect(observerNames(told(spawn('n1'), emitted('n1', { type: 'leaderChanged' })))).toEqual([]);
  });
});

/** Rows from words: `n1: 'n2 alive, n3 dead'`. */
const observers = (rows: Readonly<Record<string, string>>, down: readonly string[] = []): Observer[] =>
  Object.entries(rows).map(([node, text]) => {
    const seen = text
      .split(', ')
      .filter(Boolean)
      .map((part) => part.split(' '));
    const members = seen.map(([name, status]) => [name, { status, incarnation: 0 }]);
    return { node, up: !down.includes(node), seen: Object.fromEntries(members) as SeenMembers };
  });
const agreed = (rows: Observer[], paused: string[] = []) =>
  Object.fromEntries(verdictsOf(matrixOf(rows), paused).map((verdict) => [verdict.node, verdict.agreed ?? 'disputed']));

describe('what all say of a member', () => {
  it('is news while some have not told of it, which contradicts nobody', () => {
    const rows = observers({ n1: 'n3 alive, n2 alive', n2: 'n1 alive', n3: 'n1 alive, n2 alive' });
    const news = verdictsOf(matrixOf(rows), []).map(({ node, agreed: standing, isNews }) => [node, standing, isNews]);
    expect(news).toEqual([
      ['n1', 'alive', false],
      ['n2', 'alive', false],
      ['n3', 'alive', true],
    ]);
  });

  it('is agreed when those who look say the same', () => {
    const rows = observers({ n1: 'n2 alive, n3 dead', n2: 'n1 alive, n3 dead', n3: 'n1 dead, n2 dead' }, ['n3']);
    expect(agreed(rows)).toEqual({ n1: 'alive', n2: 'alive', n3: 'dead' });
  });

  it('is disputed when they do not, and who says what is known', () => {
    const rows = observers({ n1: 'n4 alive', n2: 'n4 suspect', n3: 'n4 alive', n4: '' });
    const verdict = verdictsOf(matrixOf(rows), []).find(({ node }) => node === 'n4');
    expect(verdict).toEqual({
      node: 'n4',
      agreed: undefined,
      isNews: false,
      says: [
        ['alive', ['n1', 'n3']],
        ['suspect', ['n2']],
      ],
    });
  });

  it.each([
    {
      what: 'one that is paused is not asked',
      rows: { n1: 'n3 dead', n2: 'n3 alive', n3: '' },
      paused: ['n2'],
      n3: 'dead',
    },
    {
      what: 'a member is not asked of itself',
      rows: { n1: 'n3 dead', n2: 'n3 dead', n3: 'n3 alive' },
      paused: [],
      n3: 'dead',
    },
    { what: 'who never met a member that is gone', rows: { n1: 'n3 dead', n2: '', n3: '' }, paused: [], n3: 'dead' },
    {
      what: 'who never met a member that is alive',
      rows: { n1: 'n3 alive', n2: '', n3: '' },
      paused: [],
      n3: 'alive',
    },
    {
      what: 'dead and left are not the same',
      rows: { n1: 'n3 dead', n2: 'n3 left', n3: '' },
      paused: [],
      n3: 'disputed',
    },
  ])('$what', ({ rows, paused, n3 }) => {
    const view = observers(rows).map((row) => (row.node === 'n3' ? { ...row, up: false } : row));
    expect(agreed(view, paused).n3).toBe(n3);
  });
});

it.each([
  { nodes: ['n1', 'n2', 'n3', 'n10', 'n11', 'n12'], short: 'n1–n3, n10–n12' },
  { nodes: ['n2', 'n1'], short: 'n1, n2' },
  { nodes: ['a', 'b', 'n9', 'n10', 'n11'], short: 'a, b, n9–n11' },
  { nodes: [], short: '' },
])('$nodes in short: $short', ({ nodes, short }) => {
  expect(inShort(nodes)).toBe(short);
});
