import type { Engine, Protocol } from '@synod/protocol';

export interface CheckOptions {
  /**
   * `breadth` (default) finds shortest counterexamples; `depth` keeps a smaller frontier; `walk` draws random runs, for models that are
   * too big: it finds violations, shows nothing to hold, and ends at a bound only.
   */
  readonly order?: 'breadth' | 'depth' | 'walk';
  /** Of `walk`: draws the runs. Default 1. */
  readonly seed?: number;
  /** Compare whole worlds where fingerprints are equal. Default false: two of a million worlds coincide with probability below 10⁻⁷. */
  readonly exact?: boolean;
  /** Steps remembered before all are forgotten; 0: none. Verdicts and counts do not depend on it. Default a million. */
  readonly memo?: number;
  /** Count worlds as one in which interchangeable nodes have changed places, where the model declares `symmetry`. Default true. */
  readonly symmetry?: boolean;
  /** Take messages away that can do nothing any more, where the model declares `stale`: partial-order reduction. Default true. */
  readonly reduction?: boolean;
  /** States on a path. Default: no bound; of `walk` 1,000. */
  readonly maxDepth?: number;
  /** Distinct states. Default: no bound. */
  readonly maxStates?: number;
  /** Default: no bound; of `walk` 10, unless `maxStates` is given. */
  readonly maxSeconds?: number;
  /** Memory of the search's own tables, in mebibytes. Default 2,048. */
  readonly maxMemoryMb?: number;
  /** End with the first violation. Default false. */
  readonly stopAtFirst?: boolean;
  /** What takes the steps; default XState's own interpreter. */
  readonly engineOf?: (protocol: Protocol) => Engine;
  /** Told about once a second. */
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly signal?: AbortSignal;
}

export interface CheckProgress {
  readonly states: number;
  readonly distinct: number;
  readonly depth: number;
  /** Worlds that wait to be explored; 0 on a walk. */
  readonly waiting: number;
  readonly seconds: number;
}
