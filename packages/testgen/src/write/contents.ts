import type { CoverageCount } from '../generated.ts';
import type { Thrown } from '../search/notes.ts';
import type { Unreached } from '../search/reasons.ts';
import type { GeneratedTest } from '../suite/suite.ts';
import type { Unwritable } from './literal.ts';

/** What a file is written from. */
export interface FileContents {
  readonly tests: readonly GeneratedTest[];
  readonly coverage: readonly CoverageCount[];
  readonly unreached: readonly Unreached[];
  readonly thrown: readonly Thrown[];
}

/** A test that could not be written, and what stands in the way. */
export interface LeftOut {
  readonly name: string;
  readonly unwritable: readonly Unwritable[];
}
