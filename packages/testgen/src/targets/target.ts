import type { TransitionRef } from '@synod/protocol';
import type { ActorPath } from '../test-case.ts';

/** What can be covered, in the order in which it is reported. */
export const COVERAGE_KINDS = [
  'states',
  'transitions',
  'pairs',
  'effects',
  'guards',
  'regions',
  'delays',
  'sometimes',
] as const;

/**
 * `states`; `transitions`; `pairs` of transitions of which the second leaves, or stays in, what the first came to, with which `transitions`
 * and `effects` come; `effects`, all that a step was ever seen to do, once each: they become targets as they are found; `guards`, each
 * and each of their conditions both ways; `regions`, the combinations of parallel regions' states; `delays`, each delayed transition
 * when its time has come and not before; `sometimes`, what a protocol says must be reachable.
 */
export type CoverageKind = (typeof COVERAGE_KINDS)[number];

/** What is covered unless a person says otherwise. */
export const DEFAULT_COVERAGE: readonly CoverageKind[] = COVERAGE_KINDS.filter(
  (kind) => kind !== 'pairs' && kind !== 'effects',
);

interface Common {
  /** Unique among all targets and stable as long as the chart's names are. */
  readonly id: string;
  /** For people: `follower → candidate on electionTimeout`. */
  readonly title: string;
  /** The machine it is about: empty for the one under test. */
  readonly actor: ActorPath;
}

/** Something that the tests ought to show. */
export type Target =
  | (Common & { readonly kind: 'states'; readonly state: string })
  | (Common & { readonly kind: 'transitions' | 'delays'; readonly transition: TransitionRef })
  | (Common & { readonly kind: 'pairs'; readonly first: TransitionRef; readonly second: TransitionRef })
  | (Common & { readonly kind: 'effects'; readonly transition: TransitionRef; readonly effect: string })
  | (Common & {
      readonly kind: 'guards';
      readonly transition: TransitionRef;
      readonly condition: string;
      readonly outcome: boolean;
    })
  | (Common & { readonly kind: 'regions'; readonly states: readonly string[] })
  | (Common & { readonly kind: 'sometimes'; readonly name: string });
