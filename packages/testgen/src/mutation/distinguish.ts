import { canonical } from '@synod/protocol';
import { stimuliOf } from '../search/stimuli.ts';
import type { Payloads, Subject, World } from '../subject.ts';
import type { Stimulus } from '../test-case.ts';
import { attempt } from './killed.ts';

/** What tells a mutant from the machine that it was made of. */
export interface Distinction {
  /**
   * `different`: by `run`. `equivalent`: every pair of worlds was explored, with all values that there are to try, and no step of them showed
   * a difference. `undecided`: the same as far as the bound.
   */
  readonly verdict: 'different' | 'equivalent' | 'undecided';
  /** A shortest run after which something else is to be seen, and the input that it starts with. */
  readonly run?: { readonly input: unknown; readonly steps: readonly Stimulus[] };
  /** Distinct pairs of worlds that were explored. */
  readonly pairs: number;
}

export interface DistinguishOptions {
  readonly payloads: Payloads;
  /** Values tried for one event in one world. */
  readonly values: number;
  /** Distinct pairs of worlds after which nothing is decided. */
  readonly limit: number;
}

interface Pair {
  readonly right: World;
  readonly mutant: World;
  readonly input: unknown;
  readonly before?: { readonly pair: Pair; readonly stimulus: Stimulus };
}

/** Explores a machine and its mutant side by side, breadth first, until something else is to be seen. */
export function distinguish(subject: Subject, mutant: Subject, options: DistinguishOptions): Distinction {
  const queue: Pair[] = [];
  const visited = new Set<string>();
  /** Whether the two show the same. What the machine itself throws at is none of its behaviour, and no test is about it. */
  const same = (
    take: (side: Subject, world: World | undefined) => Parameters<typeof attempt>[0],
    from?: Pair['before'],
    input?: unknown,
  ): boolean => {
    const right = attempt(take(subject, from?.pair.right));
    const other = attempt(take(mutant, from?.pair.mutant));
    if (typeof right === 'string') return true;
    if (typeof other === 'string') return false;
    if (canonical(right.seen) !== canonical(other.seen)) return false;
    const key = `${right.world.key}\n${other.world.key}`;
    if (visited.has(key)) return true;
    visited.add(key);
    if (right.world.status === 'active')
      queue.push({ right: right.world, mutant: other.world, input, ...(from && { before: from }) });
    return true;
  };
  for (const input of options.payloads.inputs)
    if (!same((side) => () => side.start(input), undefined, input))
      return { verdict: 'different', run: { input, steps: [] }, pairs: visited.size };
  for (let at = 0; at < queue.length; at++) {
    const pair = queue[at] as Pair;
    if (visited.size > options.limit) return { verdict: 'undecided', pairs: visited.size };
    for (const stimulus of union(pair, subject, mutant, options))
      if (!same((side, world) => () => side.step(world as World, stimulus), { pair, stimulus }, pair.input))
        return {
          verdict: 'different',
          run: { input: pair.input, steps: [...stepsTo(pair), stimulus] },
          pairs: visited.size,
        };
  }
  return { verdict: 'equivalent', pairs: visited.size };
}

/** What may happen next to either of them. */
function union(
  pair: Pair,
  subject: Subject,
  mutant: Subject,
  { payloads, values }: DistinguishOptions,
): Iterable<Stimulus> {
  const found = new Map<string, Stimulus>();
  for (const each of stimuliOf(subject, payloads, pair.right, values)) found.set(canonical(each), each);
  for (const each of stimuliOf(mutant, payloads, pair.mutant, values)) found.set(canonical(each), each);
  return found.values();
}

function stepsTo(pair: Pair): readonly Stimulus[] {
  const steps: Stimulus[] = [];
  for (let at = pair.before; at; at = at.pair.before) steps.push(at.stimulus);
  return steps.reverse();
}
