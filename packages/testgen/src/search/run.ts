import type { Taken, World } from '../subject.ts';
import type { Trail } from '../targets/tracker.ts';
import type { Stimulus } from '../test-case.ts';

/** One step of a run, and the targets that it covers. */
export interface RunStep {
  readonly stimulus: Stimulus;
  readonly taken: Taken;
  readonly covers: readonly string[];
}

/** A world that the search came to, and how: a tree of runs that share their beginnings. */
export interface Node {
  readonly world: World;
  readonly trail: Trail;
  /** Absent where the run starts. */
  readonly before?: { readonly node: Node; readonly step: RunStep };
  /** Steps from the start. */
  readonly depth: number;
  readonly origin: Origin;
}

/** Where runs begin. */
export interface Origin {
  readonly input: unknown;
  readonly taken: Taken;
  readonly covers: readonly string[];
}

/** A run from the start to one step. */
export interface Run {
  readonly node: Node;
  /** One more step, which may come to a world that was known before. */
  readonly last?: RunStep;
}

export const lengthOf = ({ node, last }: Run): number => node.depth + (last ? 1 : 0);

/** All steps of a run, in order. */
export function stepsOf({ node, last }: Run): readonly RunStep[] {
  const steps: RunStep[] = last ? [last] : [];
  for (let at = node.before; at; at = at.node.before) steps.push(at.step);
  return steps.reverse();
}
