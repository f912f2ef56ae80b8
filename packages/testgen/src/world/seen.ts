import { isRunning, type OpenActor, type OpenStep, type OpenWorld, snapshotOf } from '@synod/protocol';
import type { AnyActorRef } from 'xstate';
import { withPaths } from '../play/refs.ts';
import type { AnyEvent, Expectation } from '../test-case.ts';
import type { Keys } from './key.ts';

/** A value in which actors show as their paths. */
export const pathsIn = (value: unknown): unknown => withPaths(value, pathOf);

interface Ref {
  readonly id: string;
  readonly _parent?: Ref;
}

function pathOf(ref: AnyActorRef): string {
  const names: string[] = [];
  for (let each = ref as unknown as Ref; each._parent; each = each._parent) names.unshift(each.id);
  return names.join('/');
}

/** All that a test may expect of a step. Fields in which nothing is to be seen are left out, but for the state. */
export function seen(step: OpenStep, before: OpenWorld | undefined, keys: Keys): Expectation {
  const { value, status, output, context } = snapshotOf(step.world);
  const changed = changes(before && snapshotOf(before).context, context, keys);
  const actions = step.actions
    .filter(({ path }) => path === '')
    .map(({ type, params }) => {
      const name = type === '(anonymous)' ? '(inline)' : type;
      return params === undefined ? name : { type: name, params: pathsIn(params) };
    });
  const emitted = step.emitted.filter(({ path }) => path === '').map(({ event }) => pathsIn(event) as AnyEvent);
  const told = step.told.map(({ path, event }) => ({ to: path, event: pathsIn(event) as AnyEvent }));
  const actors = actorsOf(step, before);
  return {
    state: value,
    ...(status !== 'active' && { status: status === 'error' ? 'error' : 'done' }),
    ...(output !== undefined && { output: pathsIn(output) }),
    ...(changed && { context: changed }),
    ...(actions.length > 0 && { actions }),
    ...(emitted.length > 0 && { emitted }),
    ...(told.length > 0 && { told }),
    ...(actors && { actors }),
  };
}

/** The actors that run, where they are other than before. */
function actorsOf({ world, born }: OpenStep, before: OpenWorld | undefined): Expectation['actors'] {
  const are = runningIn(world);
  const were = before ? runningIn(before) : [];
  if (are === were || (are.length === were.length && are.every(({ ref }, at) => ref === were[at]?.ref)))
    return undefined;
  return are.map(({ ref, path, input }) => ({
    path,
    ...(born.includes(ref) && input !== undefined && { input: pathsIn(input) }),
  }));
}

const NONE: readonly OpenActor[] = [];
const runnings = new WeakMap<OpenWorld['actors'], readonly OpenActor[]>();

/** The actors beneath the machine that run, in order of path. */
export function runningIn({ actors }: OpenWorld): readonly OpenActor[] {
  if (actors.size === 1) return NONE;
  const known = runnings.get(actors);
  if (known) return known;
  const found = [...actors.values()].filter((actor) => isRunning(actors, actor));
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  runnings.set(actors, found);
  return found;
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a context that are other than they were, by value. */
function changes(before: Fields | undefined, after: Fields, keys: Keys): Fields | undefined {
  if (before === after) return undefined;
  const changed: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(before ?? {}), ...Object.keys(after)])) {
    const [was, is] = [before?.[field], after[field]];
    if (was === is || (before !== undefined && keys.values.of(was) === keys.values.of(is))) continue;
    changed[field] = pathsIn(is);
  }
  return Object.keys(changed).length > 0 ? changed : undefined;
}
