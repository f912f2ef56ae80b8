import { canonical } from '@synod/protocol';
import type { RunStep } from '../search/run.ts';
import type { Subject, World } from '../subject.ts';

/** The shortest time that passes on its own, in milliseconds. */
const INSTANT = 1;

/**
 * Cuts waits in two, so that a test sees a delayed transition not come a millisecond early: the first wait of the whole suite in which one
 * is taken.
 */
export class Splitter {
  readonly #subject: Subject;
  readonly #done = new Set<string>();

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  split(start: World, steps: readonly RunStep[]): readonly RunStep[] {
    return steps.flatMap((step, at) => this.#one(at === 0 ? start : (steps[at - 1] as RunStep).taken.world, step));
  }

  #one(before: World, step: RunStep): readonly RunStep[] {
    const { stimulus, taken } = step;
    if (!('wait' in stimulus) || stimulus.wait <= INSTANT) return [step];
    const fresh = taken.transitions.filter(({ actor, transition }) => !this.#done.has(`${actor}|${transition}`));
    if (fresh.length === 0) return [step];
    const almost = { wait: stimulus.wait - INSTANT };
    const early = this.#subject.step(before, almost);
    const late = this.#subject.step(early.world, { wait: INSTANT });
    const same = late.world.key === taken.world.key && canonical(late.transitions) === canonical(taken.transitions);
    if (!same || early.transitions.length > 0) return [step];
    for (const { actor, transition } of fresh) this.#done.add(`${actor}|${transition}`);
    return [
      { stimulus: almost, taken: early, covers: [] },
      { stimulus: { wait: INSTANT }, taken: late, covers: step.covers },
    ];
  }
}
