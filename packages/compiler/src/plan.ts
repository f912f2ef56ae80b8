import type { TransitionRef } from '@synod/protocol';
import type { AnyMachineSnapshot } from 'xstate';
import type { CompiledChart } from './chart.ts';
import type { Frame } from './frame.ts';
import type { Instruction } from './instruction.ts';
import { isInFinalState, type StateNode, type Transition } from './nodes.ts';
import { EntrySet, exitSet, withoutConflicts } from './sets.ts';

/** What a plan needs to know of a configuration. */
export interface Planned {
  readonly nodes: readonly StateNode[];
}

/** One microstep, worked out once: it depends on the configuration and the transitions alone. */
export interface Plan<TConfiguration> {
  /** Of the states left, the transitions, and the states entered, in this order. */
  readonly instructions: readonly Instruction[];
  /** The configuration it leads to. */
  readonly next: TConfiguration;
  /** What happens in its place when the machine is done. */
  readonly whenDone: { readonly exits: readonly Instruction[]; readonly next: TConfiguration };
  readonly transitions: readonly Transition[];
  readonly refs: readonly TransitionRef[];
}

/** Works out the microstep in which `transitions` are taken from a configuration. */
export function planOf<TConfiguration extends Planned>(
  registry: { readonly chart: CompiledChart; of(nodes: readonly StateNode[]): TConfiguration },
  from: TConfiguration,
  transitions: readonly Transition[],
  refs: readonly TransitionRef[],
  isInitial = false,
): Plan<TConfiguration> {
  const { chart } = registry;
  const active = new Set(from.nodes);
  const taken = withoutConflicts(transitions, from.nodes);
  const instructions: Instruction[] = [];
  if (!isInitial) {
    for (const node of [...exitSet(taken, active)].sort((a, b) => b.order - a.order)) {
      const { exit, stops } = chart.state(node);
      instructions.push(...exit, ...stops);
      active.delete(node);
    }
    for (const transition of taken) instructions.push(...chart.transition(transition).actions);
  }
  const { states, byDefault } = new EntrySet(taken);
  if (isInitial) byDefault.add(chart.root);
  const completed = new Set<StateNode>();
  for (const node of [...states].sort((a, b) => a.order - b.order)) {
    active.add(node);
    const { entry, initial, entered } = chart.state(node);
    instructions.push(...entry);
    if (byDefault.has(node)) instructions.push(...initial);
    instructions.push(...entered);
    if (node.type === 'final') instructions.push(...completion(chart.root, node, active, completed));
  }
  const nodes = [...active];
  const isSame = nodes.length === from.nodes.length && from.nodes.every((node) => active.has(node));
  const backwards = [...nodes].sort((a, b) => b.order - a.order);
  return {
    instructions,
    next: isSame ? from : registry.of(nodes),
    whenDone: {
      exits: backwards.flatMap((node) => chart.state(node).exit),
      next: isSame ? from : registry.of(backwards),
    },
    transitions,
    refs,
  };
}

/** What follows from entering a final state: its parent is done, then parallel states around it, perhaps the machine. */
function completion(
  root: StateNode,
  final: StateNode,
  active: ReadonlySet<StateNode>,
  completed: Set<StateNode>,
): Instruction[] {
  const instructions: Instruction[] = [];
  const { parent } = final;
  let around = parent?.type === 'parallel' ? parent : parent?.parent;
  let last = around ?? final;
  if (parent?.type === 'compound') instructions.push(raiseDone(parent, final.output));
  while (around?.type === 'parallel' && !completed.has(around) && isInFinalState(active, around)) {
    completed.add(around);
    instructions.push(raiseDone(around, undefined));
    last = around;
    around = around.parent;
  }
  if (!around) instructions.push(finish(root, last));
  return instructions;
}

const doneEvent = (node: StateNode, output: unknown) => ({ type: `xstate.done.state.${node.id}`, output });

/** The output of a state is a value or a function. */
const resolve = (output: unknown, { context, self }: Frame, event: object): unknown =>
  typeof output === 'function' ? output({ context, event, self }) : output;

const raiseDone = (node: StateNode, output: unknown): Instruction => ({
  params: undefined,
  action: (frame) => void frame.queue.push(doneEvent(node, resolve(output, frame, frame.event))),
});

const finish = (root: StateNode, last: StateNode): Instruction => ({
  params: undefined,
  action: (frame) => {
    frame.changes++;
    frame.output = undefined;
    if (root.output !== undefined) {
      const output = last.parent ? resolve(last.output, frame, frame.event) : undefined;
      frame.output = resolve(root.output, frame, doneEvent(last, output));
    }
    frame.status = 'done' satisfies AnyMachineSnapshot['status'];
  },
});
