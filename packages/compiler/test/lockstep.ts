import { canonical, createEngine, type Effect, type Engine, type TransitionRef } from '@synod/protocol';
import { expect } from 'vitest';
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { compile } from '../src/index.ts';

/** What came of a step, or of an error in it. */
type Came =
  | { readonly snapshot: AnyMachineSnapshot; readonly effects: readonly Effect[] }
  | { readonly error: unknown };

/** The two engines of a machine, one beside the other: whatever is asked of both must come out the same. */
export class Lockstep {
  readonly machine: AnyStateMachine;
  readonly #interpreted: Engine;
  readonly #compiled: Engine;

  constructor(machine: AnyStateMachine) {
    this.machine = machine;
    this.#interpreted = createEngine(machine);
    this.#compiled = compile(machine);
  }

  initial(input?: unknown): Both | undefined {
    return this.#same(
      attempt(() => this.#interpreted.initial(input)),
      attempt(() => this.#compiled.initial(input)),
      'the first state',
    );
  }

  /** Undefined when both threw the same error. */
  step(before: Both, event: EventObject): Both | undefined {
    const [taken, takenToo]: [string[], string[]] = [[], []];
    const note = (list: string[]) => (each: EventObject, refs: readonly TransitionRef[]) =>
      void list.push(`${canonical(each)}: ${refs.join(' ')}`);
    const interpreted = attempt(() => this.#interpreted.step(before.interpreted, event, note(taken)));
    const compiled = attempt(() => this.#compiled.step(before.compiled, event, note(takenToo)));
    const where = `${JSON.stringify(before.interpreted.value)} on ${canonical(event)}`;
    expect(takenToo, where).toEqual(taken);
    const both = this.#same(interpreted, compiled, where);
    if (both) {
      // Who asks how guards come out changes nothing.
      const told = attempt(() => this.#compiled.step(before.compiled, event, undefined, () => {}));
      this.#same(interpreted, told, `${where}, asking of guards`);
      // Both tell alike whether nothing came of it, and each goes on with what the other made.
      expect(both.compiled === before.compiled, where).toBe(both.interpreted === before.interpreted);
      this.#same(
        interpreted,
        attempt(() => this.#compiled.step(before.interpreted, event)),
        `${where}, crosswise`,
      );
      this.#same(
        attempt(() => this.#interpreted.step(before.compiled, event)),
        compiled,
        `${where}, crosswise`,
      );
    }
    return both;
  }

  #same(interpreted: Came, compiled: Came, where: string): Both | undefined {
    if ('error' in interpreted || 'error' in compiled) {
      expect('error' in compiled ? text(compiled.error) : 'no error', where).toBe(
        'error' in interpreted ? text(interpreted.error) : 'no error',
      );
      return undefined;
    }
    expect(show(compiled.snapshot), where).toBe(show(interpreted.snapshot));
    expect(canonical(compiled.effects), where).toBe(canonical(interpreted.effects));
    return { interpreted: interpreted.snapshot, compiled: compiled.snapshot, effects: interpreted.effects };
  }
}

/** The snapshots of both engines, and the effects that both told of. */
export interface Both {
  readonly interpreted: AnyMachineSnapshot;
  readonly compiled: AnyMachineSnapshot;
  readonly effects: readonly Effect[];
}

function attempt(compute: () => { snapshot: unknown; effects: readonly Effect[] }): Came {
  try {
    return compute() as Came;
  } catch (error) {
    return { error };
  }
}

const text = (error: unknown): string =>
  error instanceof Error ? `${error.constructor.name}: ${error.message}` : `thrown: ${String(error)}`;

/** All that a snapshot says, keys and states in their order. */
function show(snapshot: AnyMachineSnapshot): string {
  const { status, output, error, value, context, tags, children, historyValue, machine, _nodes } = snapshot;
  return [
    canonical({ status, output, error, context, children, historyValue, keys: Object.keys(snapshot) }),
    JSON.stringify(value),
    Object.keys(context).join(),
    [...tags].join(),
    _nodes.map(({ id }) => id).join(),
    canonical(snapshot.getMeta()),
    machine.id,
    snapshot.matches(value),
  ].join('\n');
}
