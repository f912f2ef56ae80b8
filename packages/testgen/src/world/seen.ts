import { canonical, isRunning, type OpenActor, type OpenStep, type OpenWorld, snapshotOf } from '@synod/protocol';
import type { AnyActorRef } from 'xstate';
import { withPaths } from '../play/refs.ts';
import type { AnyEvent, Expectation } from '../test-case.ts';

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
export function seen(step: OpenStep, before: OpenWorld | undefined): Expectation {
  const { value, status, output, context } = snapshotOf(step.world);
  const changed = changes(before && snapshotOf(before).context, context);
  const actions = step.actions
    .filter(({ path }) => path === '')
    .map(({ type, params }) => {
      const name = type === '(anonymous)' ? '(inline)' : type;
      return params === undefined ? name : { type: name, params: pathsIn(params) };
    });
  const emitted = step.emitted.filter(({ path }) => path === '').map(({ event }) => pathsIn(event) as AnyEvent);
  const told = step.told.map(({ path, event }) => ({ to: path, event: pathsIn(event) as AnyEvent }));
  const actors = running(step.world).map(({ ref, path, input }) => ({
    path,
    ...(step.born.includes(ref) && input !== undefined && { input: pathsIn(input) }),
  }));
  const gone = before && running(before).some(({ ref }) => !step.world.actors.has(ref));
  const isNews =
    gone || step.born.some((ref) => ref._parent) || actors.length !== (before ? running(before).length : 0);
  return {
    state: value,
    ...(status !== 'active' && { status: status === 'error' ? 'error' : 'done' }),
    ...(output !== undefined && { output: pathsIn(output) }),
    ...(Object.keys(changed).length > 0 && { context: changed }),
    ...(actions.length > 0 && { actions }),
    ...(emitted.length > 0 && { emitted }),
    ...(told.length > 0 && { told }),
    ...(isNews && { actors }),
  };
}

/** The actors beneath the machine that run, in order of path. */
const running = ({ actors }: OpenWorld): readonly OpenActor[] =>
  [...actors.values()].filter((actor) => isRunning(actors, actor)).sort((a, b) => (a.path < b.path ? -1 : 1));

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a context that are other than they were, by value. */
function changes(before: Fields | undefined, after: Fields): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(before ?? {}), ...Object.keys(after)])) {
    const [was, is] = [before?.[field], after[field]];
    if (was === is || (before !== undefined && canonical(was) === canonical(is))) continue;
    changed[field] = pathsIn(is);
  }
  return changed;
}
