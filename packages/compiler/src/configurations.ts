import { assert } from '@synod/protocol';
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { CompiledChart } from './chart.ts';
import { Configuration, type Registry } from './configuration.ts';
import { Contexts } from './contexts.ts';
import type { StateNode, Transition } from './nodes.ts';
import { type Plan, planOf } from './plan.ts';

/** What a snapshot holds beside its configuration. */
interface Held {
  readonly status: AnyMachineSnapshot['status'];
  readonly context: object;
  readonly output: unknown;
  readonly error: unknown;
  readonly children: AnyMachineSnapshot['children'];
}

/** The sets of active states that a machine has come to, each made once, and the snapshots of them. */
export class Configurations implements Registry {
  readonly chart: CompiledChart;
  readonly contexts = new Contexts();
  /** Where a machine stands before it enters its first states. */
  readonly first: Configuration;
  /** The microstep that enters them. */
  readonly entrance: Plan<Configuration>;
  readonly #byOrder = new Map<string, Configuration>();
  readonly #byNodes = new WeakMap<readonly StateNode[], Configuration>();

  readonly #isLive: boolean;

  /** @throws SynodError `COMPILE_UNSUPPORTED`; other actors are taken where the machine is to run in a live one. */
  constructor(machine: AnyStateMachine, isLive = false) {
    this.chart = new CompiledChart(machine, isLive);
    this.#isLive = isLive;
    const { root } = this.chart;
    const states = initialStates(root);
    // XState gives the very first snapshot the value that it will have next.
    this.first = new Configuration(this, [root], this.of(states).value);
    const initial: Transition = { source: root, target: states, actions: [], reenter: true, eventType: null };
    this.entrance = planOf(this, this.first, [initial], [], true);
  }

  of(nodes: readonly StateNode[]): Configuration {
    const key = nodes.map(({ order }) => order).join();
    let configuration = this.#byOrder.get(key);
    if (!configuration) {
      configuration = new Configuration(this, nodes);
      this.#byOrder.set(key, configuration);
      this.#byNodes.set(nodes, configuration);
    }
    return configuration;
  }

  /** The configuration of a snapshot: one of ours, of XState's own, or restored. */
  at(snapshot: AnyMachineSnapshot): Configuration {
    const nodes = snapshot._nodes as unknown as readonly StateNode[];
    const known = this.#byNodes.get(nodes);
    if (known) return known;
    const { machine } = this.chart;
    assert(
      snapshot.machine === machine,
      `${machine.id}: the snapshot is of another machine; compile the machine it was made with, or let it restore the snapshot`,
    );
    assert(
      this.#isLive || Object.keys(snapshot.children).length === 0,
      `${machine.id}: the snapshot has children, which a compiled machine does not; use createEngine(machine) of @synod/protocol`,
    );
    const configuration = this.of(nodes);
    this.#byNodes.set(nodes, configuration);
    return configuration;
  }

  /** A snapshot, which keeps of the one before what a step does not touch. */
  snapshot(configuration: Configuration, held: Held, before: AnyMachineSnapshot): AnyMachineSnapshot {
    const { matches, hasTag, can, getMeta, toJSON, machine } = this.chart.methods;
    return {
      status: held.status,
      output: held.output,
      error: held.error,
      machine,
      context: held.context,
      _nodes: configuration.nodes,
      value: configuration.value,
      tags: configuration.tags,
      children: held.children,
      historyValue: before.historyValue,
      matches,
      hasTag,
      can,
      getMeta,
      toJSON,
    } as unknown as AnyMachineSnapshot;
  }

  /** The snapshot before the first states are entered, with the context as it is given in the chart, if it is not computed. */
  beforeFirst(): AnyMachineSnapshot {
    const { context } = this.chart.machine.config as { context?: unknown };
    const held = {
      status: 'active' as const,
      context: typeof context === 'function' ? {} : ((context as object | undefined) ?? {}),
      output: undefined,
      error: undefined,
      children: {},
    };
    return this.snapshot(this.first, held, { historyValue: {} } as AnyMachineSnapshot);
  }
}

/** The states that a machine starts in, with those around them. */
function initialStates(root: StateNode): StateNode[] {
  const states: StateNode[] = [];
  const visit = (node: StateNode): void => {
    states.push(node);
    if (node.type === 'compound') visit(node.initial.target?.[0] as StateNode);
    else if (node.type === 'parallel') Object.values(node.states).forEach(visit);
  };
  visit(root);
  return states;
}
