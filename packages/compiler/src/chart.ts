import { type ChartState, chartOf, type TransitionRef } from '@synod/protocol';
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { Actions } from './actions.ts';
import { enter, entered, starting, stopping } from './actors.ts';
import { compileGuard, type Guard } from './guards.ts';
import type { Instruction } from './instruction.ts';
import {
  type ActionSource,
  descendants,
  type GuardSource,
  implementationsOf,
  rootOf,
  type StateNode,
  type Transition,
} from './nodes.ts';
import { unsupported } from './unsupported.ts';

/** A transition with its guard and actions compiled. */
export interface CompiledTransition {
  readonly transition: Transition;
  readonly guard: Guard | undefined;
  readonly actions: readonly Instruction[];
  readonly ref: TransitionRef;
  readonly number: number;
}

/** What one state does when it is entered and left. */
export interface CompiledState {
  readonly entry: readonly Instruction[];
  readonly exit: readonly Instruction[];
  /** Of its initial transition. */
  readonly initial: readonly Instruction[];
  /** Once it is entered. */
  readonly entered: readonly Instruction[];
  /** Stops what it invokes. */
  readonly stops: readonly Instruction[];
}

/** All of a machine that does not depend on which of its states are active. */
export class CompiledChart {
  readonly machine: AnyStateMachine;
  readonly root: StateNode;
  /** A snapshot of the machine, for the methods that all its snapshots share. */
  readonly methods: AnyMachineSnapshot;
  readonly #states = new Map<StateNode, CompiledState>();
  readonly #transitions = new Map<Transition, CompiledTransition>();
  readonly actions: Actions;

  /** @throws SynodError `COMPILE_UNSUPPORTED` */
  constructor(machine: AnyStateMachine, isLive: boolean) {
    this.machine = machine;
    this.root = rootOf(machine);
    this.actions = new Actions(machine, isLive);
    const refs = refsOf(chartOf(machine).root);
    for (const node of descendants(this.root)) this.#compile(node, refs, isLive);
    this.methods = machine.resolveState({ value: {} } as never);
  }

  state(node: StateNode): CompiledState {
    return this.#states.get(node) as CompiledState;
  }

  transition(transition: Transition): CompiledTransition {
    return this.#transitions.get(transition) as CompiledTransition;
  }

  #compile(node: StateNode, refs: ReadonlyMap<string, readonly TransitionRef[]>, isLive: boolean): void {
    if (node.type === 'history') throw unsupported(this.machine.id, 'a history state', `state "${node.id}"`);
    const { invoke } = node;
    if (invoke.length > 0 && !isLive) throw unsupported(this.machine.id, 'invoke', `state "${node.id}"`);
    const actions = (sources: readonly ActionSource[], place: string) =>
      sources.map((source) => this.actions.compile(source, place));
    const ids = invoke.map(({ id }) => id);
    this.#states.set(node, {
      entry: [
        ...(invoke.length > 0 ? [instruction((frame) => enter(frame, ids))] : []),
        ...actions([...node.entry, ...invoke.map(starting)], `the entry of state "${node.id}"`),
      ],
      exit: actions(node.exit, `the exit of state "${node.id}"`),
      initial: actions(node.initial.actions, `the initial transition of state "${node.id}"`),
      entered: invoke.length > 0 ? [instruction(entered)] : [],
      stops: invoke.map(stopping),
    });
    // chartOf names transitions in this very order.
    const all = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
    const names = refs.get(node.id) as readonly TransitionRef[];
    for (const [index, transition] of all.entries()) {
      const ref = names[index] as TransitionRef;
      this.#transitions.set(transition, {
        transition,
        guard: this.#guard(transition.guard),
        actions: actions(transition.actions, `transition "${ref}"`),
        ref,
        number: this.#transitions.size,
      });
    }
  }

  #guard(source: GuardSource): Guard | undefined {
    return source ? compileGuard(source, implementationsOf(this.machine)) : undefined;
  }
}

const instruction = (action: Instruction['action']): Instruction => ({ action, params: undefined });

function refsOf(root: ChartState): Map<string, readonly TransitionRef[]> {
  const refs = new Map<string, readonly TransitionRef[]>();
  const visit = (state: ChartState): void => {
    refs.set(
      state.id,
      state.transitions.map(({ ref }) => ref),
    );
    for (const child of state.states) visit(child);
  };
  visit(root);
  return refs;
}
