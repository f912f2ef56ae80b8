import { isDeepStrictEqual } from 'node:util';
import { createEngine, type Engine, type TransitionRef } from '@synod/protocol';
import { type AnyMachineSnapshot, createMachine, type EventObject } from 'xstate';
import { configOf } from './config.ts';
import type { DefinedState, Definition } from './definition.ts';

/** Ways through a chart's guards that are tried for one event. */
const MAX_ATTEMPTS = 32;
/** Ways that may end in an error: a circle of `always` costs a thousand microsteps. */
const MAX_FAILED = 3;

export interface Inferred {
  readonly transitions: readonly TransitionRef[];
  /** XState's memory of history states, to be given back with the next event. */
  readonly history: unknown;
}

export interface Observation {
  readonly before: unknown;
  readonly event: EventObject;
  readonly after: unknown;
  /** Whether the context is another than before. */
  readonly changed: boolean;
  readonly history: unknown;
}

interface Attempt {
  readonly microsteps: readonly (readonly TransitionRef[])[];
  readonly history: unknown;
  /** The state value that it ended in. */
  readonly reached: unknown;
  /** How many guards were asked. */
  readonly asked: number;
}

/**
 * Finds the transitions that lead from one state of a machine to another. Nobody tells what its guards said, nor what its actions raised: XState
 * itself takes the step, with one answer of the guards after the other, until it ends where the machine did.
 */
export class Inference {
  readonly #definition: Definition;
  readonly #engine: Engine;
  /** What the guards answer in turn; after these, no. */
  #given: readonly boolean[] = [];
  #asked = 0;

  /** @throws whatever XState finds wrong with the definition. */
  constructor(definition: Definition) {
    this.#definition = definition;
    const config = configOf(definition, { for: 'inference', guard: () => this.#answer() });
    const delays = Object.fromEntries([...delaysOf(definition.root)].map((name) => [name, 1]));
    this.#engine = createEngine(createMachine(config as never).provide({ delays } as never));
  }

  /**
   * The simplest step that ends in the state after: first that in which every guard says no, then those with one yes, with two, and so on.
   * Undefined where none ends there of those that are tried.
   */
  infer(observation: Observation): Inferred | undefined {
    const { root } = this.#definition;
    const [before, after] = [known(root, observation.before), known(root, observation.after)];
    const leastTransitions = observation.changed || !isDeepStrictEqual(before, after) ? 1 : 0;
    let failed = 0;
    const ways: (readonly boolean[])[] = [[]];
    for (const [attempt, given] of ways.entries()) {
      if (attempt >= MAX_ATTEMPTS) break;
      const { reached, microsteps, history, asked } = this.#attempt(before, observation, given);
      const transitions = microsteps.flat();
      if (isDeepStrictEqual(reached, after) && transitions.length >= leastTransitions) return { transitions, history };
      // Without a guard there was no choice: this was taken, wherever raised events have led since.
      if (attempt === 0 && asked === 0) return { transitions: microsteps[0] ?? [], history };
      if (reached === undefined && ++failed > MAX_FAILED) break;
      const last = Math.min(asked, given.length + MAX_ATTEMPTS);
      for (let at = given.length; at < last; at++) ways.push([...given, ...no(at - given.length), true]);
    }
    return undefined;
  }

  #attempt(value: unknown, { event, history }: Observation, given: readonly boolean[]): Attempt {
    this.#given = given;
    this.#asked = 0;
    const microsteps: (readonly TransitionRef[])[] = [];
    try {
      const { machine } = this.#engine;
      const historyValue = (history ?? {}) as never;
      const before = machine.resolveState({ value: value as never, context: {}, historyValue });
      const { snapshot } = this.#engine.step(before, { ...event }, (_, refs) => microsteps.push(refs));
      const { value: reached, historyValue: next } = snapshot as AnyMachineSnapshot;
      return { microsteps, history: next, reached, asked: this.#asked };
    } catch {
      // A state that was cut, or a circle that only other answers leave.
      return { microsteps, history, reached: undefined, asked: this.#asked };
    }
  }

  #answer(): boolean {
    return this.#given[this.#asked++] ?? false;
  }
}

const no = (count: number): boolean[] => Array.from({ length: count }, () => false);

/** A state value without what the definition does not have. */
function known(state: DefinedState, value: unknown): unknown {
  if (typeof value === 'string') return state.states.has(value) ? leaf(state, value) : {};
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const child = state.states.get(key);
    return child ? [[key, known(child, inner)] as const] : [];
  });
  const [first] = entries;
  const isAtomic = first !== undefined && isDeepStrictEqual(first[1], {});
  return entries.length === 1 && isAtomic && state.config.type !== 'parallel' ? first[0] : Object.fromEntries(entries);
}

const leaf = (state: DefinedState, key: string): unknown => (state.config.type === 'parallel' ? { [key]: {} } : key);

function* delaysOf({ config, states }: DefinedState): Generator<string> {
  if (typeof config.after === 'object' && config.after !== null)
    for (const delay of Object.keys(config.after)) if (Number.isNaN(Number(delay))) yield delay;
  for (const child of states.values()) yield* delaysOf(child);
}
