import type { TransitionRef } from '@synod/protocol';
import { beneath, type ChartIndex, type IndexedTransition } from './chart-index.ts';

/**
 * Of each transition, those that may follow it as a pair: they belong to a state that it came to, or stayed in, or that is above these. What
 * happens in another region meanwhile neither follows nor comes between.
 */
export function followers(index: ChartIndex): ReadonlyMap<TransitionRef, readonly TransitionRef[]> {
  const bySource = new Map<string, TransitionRef[]>();
  for (const [ref, { source }] of index.transitions) {
    const list = bySource.get(source.state.id) ?? [];
    list.push(ref);
    bySource.set(source.state.id, list);
  }
  return new Map(
    [...index.transitions].map(([ref, indexed]) => [
      ref,
      [...sourcesAfter(index, ref, indexed)].flatMap((id) => bySource.get(id) ?? []),
    ]),
  );
}

function sourcesAfter(index: ChartIndex, ref: TransitionRef, { transition, source }: IndexedTransition): Set<string> {
  const entered = index.entered(ref);
  // A machine that is done takes no further transition.
  const isOver = [...entered].some((id) => {
    const at = index.states.get(id);
    return at?.state.kind === 'final' && at.parent === index.root && index.root.state.kind === 'compound';
  });
  if (isOver) return new Set();
  const inner = transition.targets.length === 0 ? beneath(source).map(({ state }) => state.id) : [];
  return new Set([...entered, ...index.remembered(ref), ...inner]);
}
