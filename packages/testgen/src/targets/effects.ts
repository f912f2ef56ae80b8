import type { Taken } from '../subject.ts';
import type { Target } from './target.ts';

/** A macrostep and one thing that it was seen to do. */
type Effect = Pick<Extract<Target, { kind: 'effects' }>, 'actor' | 'transition' | 'effect'> & { readonly id: string };

/**
 * What a macrostep does, each by itself: changes a field of context, calls for an action, emits, tells an actor, starts or stops some. A pair of
 * transitions may well be taken by a message that changes nothing: then no test would miss the action that should.
 */
export function effectsOf({ transitions, seen }: Taken): readonly Effect[] {
  const [first] = transitions;
  if (!first) return [];
  const refs = transitions.map(({ actor, transition }) => `${actor}|${transition}`).join('+');
  const effects = new Set([
    ...Object.keys(seen.context ?? {}).map((field) => `changes ${field}`),
    ...(seen.actions ?? []).map((action) => `calls for ${typeof action === 'string' ? action : action.type}`),
    ...(seen.emitted ?? []).map(({ type }) => `emits ${type}`),
    ...(seen.told ?? []).map(({ to, event }) => `tells ${to} ${event.type}`),
    ...(seen.actors ? ['changes who runs'] : []),
  ]);
  return [...effects].map((effect) => ({ ...first, effect, id: `effects|${refs}|${effect}` }));
}
