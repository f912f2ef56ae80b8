import type { GeneratedClusterTest } from './case.ts';
import type { ClusterTarget, ClusterTargetKind } from './targets.ts';

/** A model or a simulation of a specification, and how many nodes it is to have. */
export interface ModelChoice {
  readonly name: string;
  readonly nodes?: number;
}

export interface ClusterOptions {
  /**
   * Models and simulations to draw traces from, in this order, with their numbers of nodes. Default: all models of the specification, then those of
   * its simulations that have names of their own, as large as they are by default.
   */
  readonly models?: readonly ModelChoice[];
  /** Distinct worlds to explore of each model, and as many again around what was found where it has no end. Default 50,000. */
  readonly maxWorlds?: number;
  /** Steps of one test; only a target that is farther away has a longer one. Default 24. */
  readonly maxSteps?: number;
}

/** One search through a model. */
export interface ModelPass {
  /** Of a model or a simulation. */
  readonly model: string;
  readonly nodes: number;
  /** Whether timers ended only when the model assumes that they may, or at any time. */
  readonly timing: 'assumed' | 'any';
}

/** How far a model was explored. */
export interface ExploredModel extends ModelPass {
  readonly worlds: number;
  readonly complete: boolean;
}

/**
 * - `dead`: no schedule of these models comes to it
 * - `bound`: none of those worlds that were explored does; there are more
 * - `never-comes`: the message or event that it takes, or the crash, does not occur in what was explored
 * - `unrepeatable`: the way to it goes by a field that the model ignores
 */
export type ClusterReason = 'dead' | 'bound' | 'never-comes' | 'unrepeatable';

export interface UnreachedTarget {
  readonly target: ClusterTarget;
  readonly reason: ClusterReason;
  /** One sentence. */
  readonly text: string;
}

export interface GeneratedCluster {
  readonly tests: readonly GeneratedClusterTest[];
  readonly coverage: readonly { readonly kind: ClusterTargetKind; readonly covered: number; readonly total: number }[];
  readonly unreached: readonly UnreachedTarget[];
  readonly models: readonly ExploredModel[];
  /** Models and simulations that cannot be played over a network, and why. */
  readonly leftOut: readonly { readonly model: string; readonly text: string }[];
  /** How many traces the tests were chosen from, and how few of them would do at best: as many as there are tests where that is proven. */
  readonly choice: { readonly candidates: number; readonly atLeast: number };
}
