import type { CoverageKind } from './targets/target.ts';

/** How many targets of a kind there are, and how many of them the tests cover. */
export interface CoverageCount {
  readonly kind: CoverageKind;
  readonly covered: number;
  readonly total: number;
}
