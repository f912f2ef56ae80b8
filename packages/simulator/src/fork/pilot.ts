import { type SimulationConfiguration, SynodError } from '@synod/protocol';
import type { Schedule } from '../faults.ts';
import { micros } from '../time.ts';
import type { World } from '../world.ts';
import { choicesOf, perform, type SimulationChoice } from './choices.ts';

/** Something that happens in a run because a person chose it. */
export interface Deviation {
  /** How many turns come before it. A turn is one thing that happens: an event of the run, or a deviation. */
  readonly after: number;
  /** The `id` of a `SimulationChoice` of that moment. */
  readonly choice: string;
}

/** Where a run is to be held: before the turn with this number, or as soon as all is over that lies before a moment. */
export interface Halt {
  readonly turn?: number;
  /** Simulated milliseconds. */
  readonly atMs?: number;
}

/** Counts the turns of a run, lets deviations happen in their turn, and holds the run where it is told to. */
export class Pilot {
  /** By turn, how many records there were before it. */
  readonly marks: number[] = [];
  /** What may come next where the run is held. */
  choices: readonly SimulationChoice[] | undefined;
  readonly #deviations: readonly Deviation[];
  readonly #halt: Halt;
  readonly #records: () => number;
  #done = 0;

  /** `records`: how many there are by now. */
  constructor(deviations: readonly Deviation[], halt: Halt, records: () => number) {
    this.#deviations = deviations;
    this.#halt = halt;
    this.#records = records;
  }

  /**
   * Whether what is next in the queue may happen. False when something else came to its turn, or the run is held.
   * @throws SynodError `DEVIATION_INVALID`.
   */
  mayGoOn(world: World, configuration: SimulationConfiguration, schedule: Schedule): boolean {
    const next = world.queue.peek();
    if (!next || next.kind === 'cancelled') return true;
    const turn = this.marks.push(this.#records()) - 1;
    const { turn: last = Number.POSITIVE_INFINITY, atMs } = this.#halt;
    if (turn >= last || (atMs !== undefined && next.at > micros(atMs))) {
      this.choices = choicesOf(world, configuration, schedule);
      world.over = true;
      return false;
    }
    const deviation = this.#deviations[this.#done];
    if (deviation?.after !== turn) return true;
    this.#done++;
    if (perform(world, configuration, deviation.choice)) return false;
    throw new SynodError(
      'DEVIATION_INVALID',
      `After ${turn} turns this run cannot do what was chosen ("${deviation.choice}"); was the program changed since?`,
    );
  }
}
