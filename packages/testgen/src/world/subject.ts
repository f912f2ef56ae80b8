import { compileLogic } from '@synod/compiler';
import {
  type Chart,
  type Compile,
  chartOf,
  invocationsOf,
  isMachine,
  type OpenStep,
  type OpenStimulus,
  type OpenWorld,
  openMachine,
  snapshotOf,
} from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import type { Pending, Subject, Taken, World } from '../subject.ts';
import type { ActorPath, Stimulus } from '../test-case.ts';
import { Keys } from './key.ts';
import { assertKept, assertRepeats } from './repeats.ts';
import { InnerTaken, type InnerWorld } from './world.ts';

/**
 * Any XState v5 machine as a pure transition system: child machines are composed, all other actors are replaced by stand-ins, time is virtual, custom
 * actions are noted and not run.
 */
export function createSubject(
  machine: AnyStateMachine,
  { hosted = false }: Partial<Pick<Subject, 'hosted'>> = {},
): Subject {
  const open = openMachine(machine, { hosted, compile });
  const keys = new Keys();
  const charts = chartsOf(machine);
  /** Transitions that were taken twice, to see whether the same comes of it. */
  const repeated = new Set<unknown>();

  const run = (compute: () => OpenStep, before: InnerWorld | undefined): Taken => {
    // What the contexts were is written down before anybody can change them.
    void before?.key;
    const step = compute();
    const result = new InnerTaken(step, before, keys);
    const what = before === undefined ? START : step.transitions;
    if (what.some((each) => !repeated.has(markOf(each)))) {
      for (const each of what) repeated.add(markOf(each));
      if (before) assertKept(machine, before.open, keys, result);
      assertRepeats(machine, result, new InnerTaken(compute(), before, keys));
    }
    return result;
  };

  return {
    machine,
    hosted,
    charts,
    start: (input) => run(() => open.start(input), undefined),
    step: (world, stimulus) => {
      const before = world as InnerWorld;
      return run(() => open.step(before.open, openStimulus(stimulus)), before);
    },
    pending,
    accepts,
  };
}

const compile: Compile = (machine) => compileLogic(machine) as ReturnType<Compile>;

/** Stands for the start among the transitions. */
const START: Taken['transitions'] = [{ actor: '', transition: '' }];

/** Those of the machine itself are each told by one object; a child may be a machine that is made anew for each. */
const markOf = (taken: Taken['transitions'][number]): unknown =>
  taken.actor === '' ? taken : `${taken.actor} ${taken.transition}`;

/** The machine as a subject, unless it is one. */
export const subjectOf = (machine: AnyStateMachine | Subject): Subject =>
  'charts' in machine && (machine.charts as ReadonlyMap<string, Chart>) instanceof Map
    ? (machine as Subject)
    : createSubject(machine as AnyStateMachine);

function openStimulus(stimulus: Stimulus): OpenStimulus {
  if ('send' in stimulus) return { kind: 'send', event: stimulus.send };
  if ('wait' in stimulus) return { kind: 'wait', ms: stimulus.wait };
  if ('done' in stimulus) return { kind: 'done', path: stimulus.done, output: stimulus.output };
  if ('fail' in stimulus) return { kind: 'fail', path: stimulus.fail, error: stimulus.error };
  if ('relay' in stimulus) return { kind: 'relay', path: stimulus.relay, event: stimulus.event };
  return { kind: 'next', path: stimulus.next, value: stimulus.value };
}

/** What may happen by itself: the next timer, in its time, and what each stand-in may do. */
function pending(world: World): readonly Pending[] {
  if (world.status !== 'active') return [];
  const found: Pending[] = [];
  const [next] = world.timers;
  if (next) found.push({ kind: 'wait', ms: next.dueMs });
  const { open } = world as InnerWorld;
  for (const actor of world.actors) {
    if (actor.kind === 'machine') continue;
    if (actor.kind === 'callback' || actor.kind === 'events' || actor.kind === 'other')
      found.push({ kind: 'relay', actor });
    if (actor.kind === 'observable' || (actor.kind === 'other' && isWatched(open, actor.path)))
      found.push({ kind: 'next', actor });
    // A callback has no end of its own, and a transition function neither.
    if (actor.kind !== 'callback' && actor.kind !== 'transition') found.push({ kind: 'done', actor });
    if (actor.kind !== 'transition') found.push({ kind: 'fail', actor });
  }
  return found;
}

const isWatched = (open: OpenWorld, path: ActorPath): boolean =>
  [...open.actors.values()].some((actor) => actor.path === path && actor.ref.options.syncSnapshot === true);

/**
 * Types of events from outside that some active state of the machine has a transition for, the innermost states last; wildcards as they are written. Timers,
 * ends of states and actors, and whatever else is XState's own (`xstate.*`) are not among them.
 */
function accepts(world: World): readonly string[] {
  const { _nodes } = snapshotOf((world as InnerWorld).open) as unknown as { readonly _nodes: readonly StateNode[] };
  const known = accepted.get(_nodes);
  if (known) return known;
  const types = new Set<string>();
  for (const node of [..._nodes].sort((a, b) => a.order - b.order))
    for (const type of node.transitions.keys()) if (!type.startsWith('xstate.')) types.add(type);
  const found = [...types];
  accepted.set(_nodes, found);
  return found;
}

/** By active states, which many worlds share. */
const accepted = new WeakMap<readonly StateNode[], readonly string[]>();

interface StateNode {
  readonly order: number;
  readonly transitions: ReadonlyMap<string, unknown>;
}

/** The charts of the machine and of those that it invokes, by path. */
function chartsOf(machine: AnyStateMachine): ReadonlyMap<ActorPath, Chart> {
  const charts = new Map<ActorPath, Chart>();
  const visit = (path: ActorPath, each: AnyStateMachine, around: readonly AnyStateMachine[]): void => {
    charts.set(path, chartOf(each));
    for (const { id, logic } of invocationsOf(each))
      if (isMachine(logic) && !around.includes(logic))
        visit(path === '' ? id : `${path}/${id}`, logic, [...around, logic]);
  };
  visit('', machine, [machine]);
  return charts;
}
