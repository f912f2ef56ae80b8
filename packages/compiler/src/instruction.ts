import type { Frame } from './frame.ts';

/** What an action does, with the parameters given where it is named. */
export type Action = (frame: Frame, params: unknown) => void;

/** An action of the chart, ready to be performed. */
export interface Instruction {
  readonly action: Action;
  readonly params: unknown;
  /** Computes the parameters, where they are not always the same. */
  readonly computeParams?: (args: object) => unknown;
}
