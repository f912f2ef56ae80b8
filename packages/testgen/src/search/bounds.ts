import { SynodError } from '@synod/protocol';

/** How far a search goes. */
export interface Bounds {
  /** Distinct worlds. Default 20,000. */
  readonly worlds: number;
  /** Steps of one run. Default 100. */
  readonly depth: number;
  /** Values tried for one event, or one actor's end, in one world, where no cases are given: those are all tried. Default 8. */
  readonly values: number;
  /** Distinct worlds without anything new before the search gives up. Default 2,000. */
  readonly patience: number;
}

export const DEFAULT_BOUNDS: Bounds = { worlds: 20_000, depth: 100, values: 8, patience: 2_000 };

/**
 * Bounds with what is not said filled in.
 * @throws SynodError `BOUNDS_INVALID`.
 */
export function boundsOf(bounds: Partial<Bounds> = {}): Bounds {
  const all = { ...DEFAULT_BOUNDS, ...bounds };
  for (const [name, value] of Object.entries(all)) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new SynodError('BOUNDS_INVALID', `The bound "${name}" is ${value}; give a whole number above 0.`);
  }
  return all;
}
