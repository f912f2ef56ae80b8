import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { name as nameOf, transitionRefs } from '../chart.ts';

/** What a machine is at, for the sentence that says where it threw. */
export interface Place {
  readonly what: 'context' | 'action' | 'actors' | 'output';
  /** Of an action. */
  readonly action?: string;
  /** `the entry of shop.paying`, or the name of a transition. */
  readonly of: string;
}

// The parts of XState's state nodes that are changed here (5.33).
interface Node {
  readonly id: string;
  readonly type: string;
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly Actions[]>;
  readonly always?: readonly Actions[];
  readonly initial?: Actions;
  readonly invoke: readonly unknown[];
  entry: readonly unknown[];
  exit: readonly unknown[];
  output?: unknown;
}

interface Actions {
  actions: readonly unknown[];
}

type Callable = (...args: unknown[]) => unknown;

/**
 * Makes a machine tell where it is before each action that it resolves, each actor and its context. It behaves as before, only slower, so that
 * this is done once a machine has thrown. It must be a copy of one's own.
 */
export function tellPlaces(copy: AnyStateMachine, at: (place: Place) => void): void {
  const refOf = transitionRefs(copy);
  const marker = (place: Place): unknown =>
    Object.assign(() => {}, {
      type: 'synod.place',
      // As XState's own actions that are done once they are resolved, such as `assign`.
      resolve: (_: unknown, snapshot: AnyMachineSnapshot) => {
        at(place);
        return [snapshot, undefined, undefined];
      },
    });
  const marked = (actions: readonly unknown[], of: string): readonly unknown[] =>
    actions.flatMap((action) => [marker({ what: 'action', action: nameOf(action), of }), action]);
  const visit = (node: Node): void => {
    node.entry = marked(node.entry, `the entry of ${node.id}`);
    if (node.invoke.length > 0) node.entry = [...node.entry, marker({ what: 'actors', of: node.id })];
    node.exit = marked(node.exit, `the exit of ${node.id}`);
    for (const each of [...[...node.transitions.values()].flat(), ...(node.always ?? [])])
      each.actions = marked(each.actions, refOf(each));
    if (node.type === 'compound' && node.initial)
      node.initial.actions = marked(node.initial.actions, `the initial transition of ${node.id}`);
    node.output = told(node.output, { what: 'output', of: node.id }, at);
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(copy.root as unknown as Node);
  const { config } = copy as unknown as { config: { readonly context?: unknown } };
  (copy as { config: unknown }).config = {
    ...config,
    context: told(config.context, { what: 'context', of: copy.id }, at),
  };
}

const told = (part: unknown, place: Place, at: (place: Place) => void): unknown =>
  typeof part !== 'function'
    ? part
    : (...args: unknown[]) => {
        at(place);
        return (part as Callable)(...args);
      };
