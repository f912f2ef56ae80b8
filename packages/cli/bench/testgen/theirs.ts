import { type ActorView, createSubject, killedBy, mutantsOf, record, type TestCase, type World } from '@synod/testgen';
import { createTestModel, getAdjacencyMap, getShortestPaths, getSimplePaths } from '@xstate/graph';
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { __unsafe_getAllOwnEventDescriptors as descriptorsOf } from 'xstate';
import { type Measured, STEPS, VALUES } from './machine.ts';
import { rateOf } from './rate.ts';
import type { Failed, Row } from './row.ts';

interface Path {
  readonly steps: readonly { readonly event: EventObject }[];
}

interface Options {
  readonly events: (snapshot: AnyMachineSnapshot) => readonly EventObject[];
  readonly limit: number;
  readonly input: unknown;
}

/**
 * Tests by `@xstate/graph`: the paths of its test model, or where that refuses the machine its shortest paths alone. It gets the events that Synod
 * has, and the ends of delays and actors as events, which its users have to make up themselves.
 */
export function theirs(measured: Measured): Row | Failed {
  const { machine } = measured;
  const options = optionsOf(measured);
  const begun = performance.now();
  const found = pathsOf(machine, options);
  if ('trouble' in found && !found.paths) return { trouble: found.trouble };
  const ms = performance.now() - begun;
  const tests = testsOf(measured, found.paths ?? []);
  return {
    tests: tests.length,
    steps: tests.reduce((sum, { steps }) => sum + steps.length, 0),
    ms,
    transitions: transitionsOf(machine, tests),
    score: scoreOf(machine, tests),
    ...explored(),
    ...('trouble' in found && { trouble: found.trouble }),
  };

  function explored(): Partial<Row> {
    try {
      return rateOf(() => Object.keys(getAdjacencyMap(machine, options as never)).length);
    } catch {
      return {};
    }
  }
}

/** What its simple paths are worth as tests: all that come to no state twice, which are by far the most that it can make. */
export function scoreOfSimplePaths(measured: Measured): number {
  const { machine } = measured;
  const paths = getSimplePaths(machine, optionsOf(measured) as never) as readonly Path[];
  return scoreOf(machine, testsOf(measured, paths));
}

const optionsOf = (measured: Measured): Options => ({
  events: eventsOf(measured),
  limit: STEPS,
  input: measured.payloads.inputs[0],
});

const testsOf = ({ payloads }: Measured, paths: readonly Path[]): readonly TestCase[] =>
  paths.map(({ steps }) => ({
    name: '',
    input: payloads.inputs[0],
    // A test begins with what its path begins with, which is no event of the machine.
    steps: steps.filter(({ event }) => event.type !== 'xstate.init').map(({ event }) => ({ send: event })),
  }));

function pathsOf(
  machine: AnyStateMachine,
  options: Options,
):
  | { readonly paths: readonly Path[]; readonly trouble?: string }
  | { readonly paths?: undefined; readonly trouble: string } {
  let trouble: string | undefined;
  try {
    return { paths: createTestModel(machine as never, options as never).getShortestPaths(options as never) };
  } catch (error) {
    trouble = messageOf(error);
  }
  try {
    return { paths: getShortestPaths(machine, options as never) as readonly Path[], trouble };
  } catch (error) {
    return { trouble: [trouble, messageOf(error)].filter((each, at, all) => all.indexOf(each) === at).join('; ') };
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message.split('\n')[0] : String(error)) ?? '';

/** In each state every event that it takes, with every value; delays and actors end whenever they may. */
const eventsOf =
  ({ payloads }: Measured) =>
  (snapshot: AnyMachineSnapshot): readonly EventObject[] => {
    const world = { context: snapshot.context, actors: [] } as unknown as World;
    return descriptorsOf(snapshot).flatMap((type): readonly EventObject[] => {
      const ended = /^xstate\.(done|error)\.actor\.(.+)$/.exec(type);
      if (ended) {
        const [, how, path = ''] = ended;
        const actor = { path, kind: 'promise', src: path, input: undefined } as ActorView;
        const kind = how === 'done' ? 'done' : 'fail';
        const field = how === 'done' ? 'output' : 'error';
        return payloads.values(kind, actor, world, VALUES).map((value) => ({ type, [field]: value }));
      }
      return type.startsWith('xstate.') ? [{ type }] : payloads.events(type, world, VALUES);
    });
  };

function transitionsOf(machine: AnyStateMachine, tests: readonly TestCase[]): number {
  const subject = createSubject(machine);
  const taken = new Set<string>();
  for (const { input, steps } of tests) {
    let step = subject.start(input);
    const note = () => {
      for (const { actor, transition } of step.transitions) if (actor === '') taken.add(transition);
    };
    note();
    for (const stimulus of steps) {
      step = subject.step(step.world, stimulus);
      note();
    }
  }
  return taken.size;
}

/** None of the machines that are measured has a mutant that is equivalent, so that all count. */
function scoreOf(machine: AnyStateMachine, tests: readonly TestCase[]): number {
  const recordings = record(createSubject(machine), tests);
  const mutants = mutantsOf(machine);
  const killed = mutants.filter((mutant) => killedBy(mutant.machine, recordings) !== undefined);
  return killed.length / mutants.length;
}
