import type { NodeView } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { bitOf, TrackedViews } from '../src/tracked.ts';

interface Context {
  readonly term: number;
  readonly timeout: number;
  readonly log: readonly string[];
}

const view = (node: string, rest: Partial<NodeView> = {}): NodeView => ({
  node,
  actor: `a@${node}`,
  role: 'a',
  up: true,
  value: 'idle',
  context: { term: 1, timeout: 5, log: [] },
  ...rest,
});

const changed = (node: string, change: Partial<Context>) =>
  view(node, { context: { term: 1, timeout: 5, log: [], ...change } });

/** Bits due after `next`, when predicate 3 has been asked before. */
function due(predicate: (nodes: readonly NodeView<Context>[]) => unknown, next: NodeView): boolean {
  const views = new TrackedViews([view('n1'), view('n2')]);
  views.ask(bitOf(3), (nodes) => Boolean(predicate(nodes as readonly NodeView<Context>[])));
  return (views.update(0, next) & bitOf(3)) !== 0;
}

describe('a predicate is asked again', () => {
  it.each([
    ['a field that it read', ([n1]) => n1?.context.term === 1, changed('n1', { term: 2 })],
    ['a field that it looked for', ([n1]) => n1 && 'term' in n1.context, changed('n1', { term: 2 })],
    ['whatever changed, when it copied the context', ([n1]) => ({ ...n1?.context }), changed('n1', { timeout: 6 })],
    [
      'whatever changed, when it listed the fields',
      ([n1]) => Object.keys(n1?.context ?? {}),
      changed('n1', { timeout: 6 }),
    ],
    ['the state', ([n1]) => n1?.value, view('n1', { value: 'busy' })],
    ['a nested state', ([n1]) => n1?.value, view('n1', { value: { busy: 'a' } })],
    ['up or down', ([n1]) => n1?.up, view('n1', { up: false })],
    ['a view that it copied', ([n1]) => ({ ...n1 }), view('n1', { value: 'busy' })],
  ] satisfies [string, (nodes: readonly NodeView<Context>[]) => unknown, NodeView][])(
    'after a change of %s',
    (_, predicate, next) => {
      expect(due(predicate, next)).toBe(true);
    },
  );

  it.each([
    ['a field that it did not read', ([n1]) => n1?.context.term, changed('n1', { timeout: 6 })],
    ["another actor's field", ([, n2]) => n2?.context.term, changed('n1', { term: 2 })],
    [
      'the state, when it read none',
      ([n1]) => n1?.context.term,
      view('n1', { value: 'busy', context: view('n1').context }),
    ],
  ] satisfies [string, (nodes: readonly NodeView<Context>[]) => unknown, NodeView][])(
    'not after a change of %s',
    (_, predicate, next) => {
      expect(due(predicate, next)).toBe(false);
    },
  );

  it('not when a nested state is made anew and is the same', () => {
    const views = new TrackedViews([view('n1', { value: { leader: 'idle' } })]);
    views.ask(bitOf(0), ([n1]) => n1?.value === undefined);
    expect(views.update(0, view('n1', { value: { leader: 'idle' }, context: views.at(0).context }))).toBe(0);
  });
});

describe('the views', () => {
  it('show what is now, and tell apart what was before', () => {
    const views = new TrackedViews([view('n1')]);
    let first: NodeView | undefined;
    const term = () =>
      views.ask(bitOf(0), ([n1]) => {
        expect(n1).not.toBe(first);
        first = n1;
        return (n1 as NodeView<Context>).context.term === 2;
      });
    expect(term()).toBe(false);
    views.update(0, changed('n1', { term: 2 }));
    expect(term()).toBe(true);
  });
});
