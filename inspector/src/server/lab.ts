import type { TraceRecord } from '@synod/protocol';
import type { LabAbilities, LabGraph, LabMoment } from '../world/lab.ts';
import type { Verdicts } from '../world/verdicts.ts';

/** A run of a lab: an immutable value, which any number of runs may go on from. */
export interface LabRun {
  readonly records: readonly TraceRecord[];
  /** How many of the records are those of the run that it goes on from. */
  readonly shared: number;
  /** What was chosen, for the list of branches. */
  readonly text: string;
  /** What the run shows, in a sentence. */
  readonly verdict?: string;
  readonly verdicts?: Verdicts;
}

/** How far a run is to go on. Without `steps` and `untilMs`, to its end. */
export interface GoOn {
  readonly steps?: number;
  readonly untilMs?: number;
  /** Of a lab that goes on at random. */
  readonly seed?: number;
}

/**
 * Runs that can be continued, as an embedder gives them to the inspector: a model that is walked through, a simulation that is forked.
 * `at` counts records of a run. Each rejects with a coded error when it cannot.
 */
export interface Lab<Run extends LabRun = LabRun> extends Pick<LabAbilities, 'goesOn' | 'untilMs'> {
  readonly title: string;
  /** The run that a page is shown first. */
  readonly first: Run;
  /** What may happen next. */
  choices(run: Run, at: number): Promise<LabMoment>;
  /** The run that goes on with a choice, up to just after it. */
  take(run: Run, at: number, choice: string): Promise<Run>;
  goOn(run: Run, at: number, how: GoOn): Promise<Run>;
  /** All states, if there are no more than `limit`. */
  graph?(limit: number): Promise<LabGraph>;
  /** The shortest run to a state of the graph. */
  visit?(state: number): Promise<Run>;
  /** A shortest run that breaks a promise. */
  counterexample?(): Promise<Run>;
  /** Saves a run, to be had again. Resolves to a sentence that says where. */
  save?(run: Run): Promise<string>;
}
