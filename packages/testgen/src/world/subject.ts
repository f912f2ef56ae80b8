import { compileLogic } from '@synod/compiler';
import {
  type Chart,
  type Compile,
  chartOf,
  invocationsOf,
  isMachine,
  type OpenActor,
  type OpenStep,
  type OpenStimulus,
  type OpenWorld,
  openMachine,
  snapshotOf,
} from '@synod/protocol';
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { ActorView, Pending, Subject, Taken, World } from '../subject.ts';
import type { ActorPath, Expectation, Stimulus } from '../test-case.ts';
import { Keys } from './key.ts';
import { assertKept, assertRepeats } from './repeats.ts';
import { pathsIn, runningIn, seen } from './seen.ts';

/** A world of this subject's own, with what XState needs to go on from it. */
interface Inner extends World {
  readonly open: OpenWorld;
}

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
  const repeated = new Set<string>();

  const worlds = new WeakMap<OpenWorld, Inner>();
  /** A step that changes nothing comes to the very world from which it was taken. */
  const worldFrom = (world: OpenWorld): Inner => {
    const known = worlds.get(world);
    if (known) return known;
    const made = worldOf(world, keys);
    worlds.set(world, made);
    return made;
  };

  const taken = (step: OpenStep, before: OpenWorld | undefined): Taken => {
    let sight: Expectation | undefined;
    return {
      world: worldFrom(step.world),
      transitions: step.transitions.map(({ path, transition }) => ({ actor: path, transition })),
      guards: step.guards.map(({ path, transition, condition, outcome }) => ({
        actor: path,
        transition,
        condition,
        outcome,
      })),
      // Most steps of a search are part of no test.
      get seen() {
        sight ??= seen(step, before, keys);
        return sight;
      },
    };
  };

  const run = (compute: () => OpenStep, before: OpenWorld | undefined): Taken => {
    // What the contexts were is written down before anybody can change them.
    if (before) keys.of(before);
    const step = compute();
    const result = taken(step, before);
    const names =
      before === undefined ? ['start'] : step.transitions.map(({ path, transition }) => `${path} ${transition}`);
    if (names.some((name) => !repeated.has(name))) {
      for (const name of names) repeated.add(name);
      if (before) assertKept(machine, before, keys, result);
      assertRepeats(machine, result, taken(compute(), before));
    }
    return result;
  };

  return {
    machine,
    hosted,
    charts,
    start: (input) => run(() => open.start(input), undefined),
    step: (world, stimulus) => {
      const before = (world as Inner).open;
      return run(() => open.step(before, openStimulus(stimulus)), before);
    },
    pending,
    accepts,
  };
}

const compile: Compile = (machine) => compileLogic(machine).transition as ReturnType<Compile>;

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

function worldOf(open: OpenWorld, keys: Keys): Inner {
  const { status, output, error, value, context } = snapshotOf(open);
  const [root] = open.actors.values();
  let key: string | undefined;
  return {
    open,
    get key() {
      key ??= keys.of(open);
      return key;
    },
    status: status === 'stopped' ? 'done' : status,
    output,
    error,
    value,
    context,
    actors: [root as OpenActor, ...runningIn(open)].map(viewOf),
    timers: open.timers.map(({ source, id, dueMs }) => ({ actor: open.actors.get(source)?.path ?? '', id, dueMs })),
  };
}

const viewOf = ({ path, kind, src, input, snapshot }: OpenActor): ActorView => ({
  path,
  kind,
  src,
  input: pathsIn(input),
  ...(kind === 'machine' && {
    value: (snapshot as AnyMachineSnapshot).value,
    context: (snapshot as AnyMachineSnapshot).context,
  }),
});

/** What may happen by itself: the next timer, in its time, and what each stand-in may do. */
function pending(world: World): readonly Pending[] {
  if (world.status !== 'active') return [];
  const found: Pending[] = [];
  const [next] = world.timers;
  if (next) found.push({ kind: 'wait', ms: next.dueMs });
  const { open } = world as Inner;
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
  const { _nodes } = snapshotOf((world as Inner).open) as unknown as { readonly _nodes: readonly StateNode[] };
  const types = new Set<string>();
  for (const node of [..._nodes].sort((a, b) => a.order - b.order))
    for (const type of node.transitions.keys()) if (!type.startsWith('xstate.')) types.add(type);
  return [...types];
}

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
