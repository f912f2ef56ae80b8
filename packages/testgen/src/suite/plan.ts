import { lengthOf, type Origin, type Run, type RunStep, stepsOf } from '../search/run.ts';
import type { Coverage, Trail } from '../targets/tracker.ts';

/** A test to be: where it starts, what it does, and all that it covers. */
export interface Plan {
  readonly origin: Origin;
  readonly steps: readonly RunStep[];
  readonly covers: ReadonlySet<string>;
}

/** What a run covers from its start to its end. Steps that were found elsewhere may have come in, so it is judged anew. */
export function planOf(coverage: Coverage, origin: Origin, steps: readonly RunStep[]): Plan {
  const start = coverage.take(new Map(), undefined, origin.taken);
  const covers = new Set(start.covers);
  let trail: Trail = start.trail;
  const judged = steps.map((step) => {
    const next = coverage.take(trail, step.stimulus, step.taken);
    trail = next.trail;
    for (const id of next.covers) covers.add(id);
    return { ...step, covers: next.covers };
  });
  return { origin, steps: judged, covers };
}

/**
 * The plans to choose from: the shortest run to each target, no two alike. Steps that leave their world as it was are put one after the other,
 * where they lead to it: one test tells all that a state ignores.
 */
export function candidates(coverage: Coverage, witnesses: ReadonlyMap<string, Run>): readonly Plan[] {
  const runs = new Set(witnesses.values());
  const loops = new Map<Run['node'], RunStep[]>();
  const plans: Plan[] = [];
  for (const run of [...runs].sort((a, b) => lengthOf(a) - lengthOf(b))) {
    const { node, last } = run;
    if (last && last.taken.world.key === node.world.key) {
      const known = loops.get(node);
      if (known) known.push(last);
      else loops.set(node, [last]);
    } else plans.push(planOf(coverage, node.origin, stepsOf(run)));
  }
  for (const [node, steps] of loops) plans.push(planOf(coverage, node.origin, [...stepsOf({ node }), ...steps]));
  return plans;
}
