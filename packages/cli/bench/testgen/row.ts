/** What one of the two made of one machine. */
export interface Row {
  /** Distinct states of the whole of it, and how many of them it came to in a second; absent where it has no end. */
  readonly states?: number;
  readonly statesPerSecond?: number;
  readonly tests: number;
  readonly steps: number;
  /** To make the tests, in milliseconds. */
  readonly ms: number;
  readonly transitions: number;
  /** Of all mutants the tests notice so many, from 0 to 1, where all that is to be seen is compared; absent of several machines. */
  readonly score?: number;
  /** The same of the tests that notice most: Synod's of pairs of transitions, and of the other all paths that do not cross themselves, where these come to an end. */
  readonly best?: number;
  /** What it refuses, or cannot tell apart. */
  readonly trouble?: string;
}

/** What one of the two could not make anything of. */
export interface Failed {
  readonly trouble: string;
}
