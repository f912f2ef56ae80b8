import type { Chart, ChartState, ChartTransition } from '@synod/protocol';
import type { EventObject } from 'xstate';

// What a chart of XState v5 is called in v4, which receivers of `@xstate/inspect` speak.

type Fields = Readonly<Record<string, unknown>>;

/** A chart as the config of a machine of v4. */
export const machineOf = (chart: Chart): Fields => ({ ...stateOf(chart.root), predictableActionArguments: true });

/** What v4 does by itself where v5 has an action for it. */
const LEFT_OUT = new Set(['raise', 'cancel']);

const actionsOf = (names: readonly string[]): readonly string[] => names.filter((name) => !LEFT_OUT.has(name));

function stateOf({
  id,
  key,
  kind,
  initial,
  history,
  invoke,
  description,
  tags,
  entry,
  exit,
  transitions,
  states,
}: ChartState): Fields {
  const of = (wanted: ChartTransition['kind']) => transitions.filter((transition) => transition.kind === wanted);
  const first = states.find((child) => child.id === initial);
  return {
    id,
    key,
    type: kind,
    ...(first && { initial: first.key }),
    ...(kind === 'history' && { history: history ?? 'shallow' }),
    ...(invoke && { invoke: invoke.map(({ id: actor, src }) => ({ id: actor, src })) }),
    ...(description !== undefined && { description }),
    tags,
    entry: actionsOf(entry),
    exit: actionsOf(exit),
    on: byEvent(of('event'), eventName),
    after: byEvent(of('after'), (delay) => delay),
    always: of('always').map(transitionOf),
    states: Object.fromEntries(states.map((child) => [child.key, stateOf(child)])),
  };
}

function byEvent(transitions: readonly ChartTransition[], name: (event: string) => string): Fields {
  const map = new Map<string, Fields[]>();
  for (const transition of transitions) {
    const event = name(transition.event);
    map.set(event, [...(map.get(event) ?? []), transitionOf(transition)]);
  }
  return Object.fromEntries(map);
}

function transitionOf({ guard, actions, targets, reenter, description }: ChartTransition): Fields {
  return {
    ...(targets.length > 0 && { target: targets.map((target) => `#${target}`), internal: !reenter }),
    ...(guard !== undefined && { cond: guard }),
    ...(description !== undefined && { description }),
    actions: actionsOf(actions),
  };
}

/** Where v5 and v4 call an event by different names. */
const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/^xstate\.done\.actor\./, 'done.invoke.'],
  [/^xstate\.error\.actor\./, 'error.platform.'],
  [/^xstate\.done\.state\./, 'done.state.'],
  [/^xstate\.after\.([^.]+)\.(.+)$/, 'xstate.after($1)#$2'],
];

function renamed(name: string, names: typeof RENAMED): string {
  const [pattern, replacement] = names.find(([each]) => each.test(name)) ?? [];
  return pattern && replacement !== undefined ? name.replace(pattern, replacement) : name;
}

/** The name of an event in v4. */
export const eventName = (name: string): string => renamed(name, RENAMED);

/** And back again. */
const NAMED_BACK: readonly (readonly [RegExp, string])[] = [
  [/^done\.invoke\./, 'xstate.done.actor.'],
  [/^error\.platform\./, 'xstate.error.actor.'],
  [/^done\.state\./, 'xstate.done.state.'],
  [/^xstate\.after\(([^)]+)\)#(.+)$/, 'xstate.after.$1.$2'],
];

/** An event of v4 as v5 has it. */
export function eventFrom({ type: given, data, ...rest }: EventObject & Fields): EventObject & Fields {
  const type = renamed(given, NAMED_BACK);
  if (type.startsWith('xstate.done.actor.')) return { type, output: data };
  if (type.startsWith('xstate.error.actor.')) return { type, error: data };
  return { type, ...rest, ...(data !== undefined && { data }) };
}

/** An event of v4: what an invoked actor came to is its data. */
export function eventOf(event: EventObject & Fields): EventObject & Fields {
  const type = eventName(event.type);
  if (type.startsWith('done.invoke.')) return { type, data: event.output };
  if (type.startsWith('error.platform.')) return { type, data: event.error };
  return { ...event, type };
}

/** An event as v4 passes it around. */
export const scxml = (event: EventObject & Fields, origin?: string): Fields => ({
  name: event.type,
  data: event,
  $$type: 'scxml',
  type: 'external',
  ...(origin !== undefined && { origin }),
});

/** A state of v4, as far as it can be told of a machine that runs elsewhere. */
export function stateJson(
  { root }: Chart,
  {
    value,
    context,
    event,
    changed,
    sessionId,
  }: { value: unknown; context: unknown; event: EventObject; changed: boolean; sessionId: string },
): Fields {
  const active = [...activeStates(root, value)];
  return {
    value,
    context,
    event,
    _event: scxml(event),
    _sessionid: sessionId,
    tags: active.flatMap(({ tags }) => tags),
    done: active[1]?.kind === 'final',
    changed,
    actions: [],
    activities: {},
    meta: {},
    events: [],
    configuration: [],
    transitions: [],
    children: {},
  };
}

/** The states that a state value makes active, outermost first. */
function* activeStates(state: ChartState, value: unknown): Generator<ChartState> {
  yield state;
  const inner = typeof value === 'string' ? { [value]: undefined } : ((value ?? {}) as Fields);
  for (const [key, deeper] of Object.entries(inner)) {
    const child = state.states.find((candidate) => candidate.key === key);
    if (child) yield* activeStates(child, deeper);
  }
}
