import { assert } from '@synod/protocol';

// The definition of a machine as `@statelyai/inspect` sends it: the machine's config as JSON. Functions have become `{ type: name }`, keys are
// sorted, and what lies deep has become the text "[Object]" or "[Array]". What is left is read here into a config that XState accepts.

/** A state of a definition, with what is needed to find targets. */
export interface DefinedState {
  readonly key: string;
  readonly id: string;
  readonly parent: DefinedState | undefined;
  readonly config: Fields;
  readonly states: ReadonlyMap<string, DefinedState>;
  /** States of it are missing. */
  readonly isCut: boolean;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface Definition {
  readonly root: DefinedState;
  readonly ids: ReadonlyMap<string, DefinedState>;
}

const MAX_STATES = 1_000;
const MAX_LEVELS = 40;
const MAX_KEY = 200;

/** What `JSON.stringify` replacements of too deep values look like. */
export const isCut = (value: unknown): boolean => value === '[Object]' || value === '[Array]';

export const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const asList = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

const OF_MACHINES = ['initial', 'states', 'on', 'type', 'after', 'always', 'invoke', 'entry', 'exit', 'context'];

/** A definition as a tree of states; undefined of what is no machine, which comes as `{ id }` alone. */
export function readDefinition(text: string, fallbackId: string): Definition | undefined {
  const config = asFields(JSON.parse(text));
  if (!OF_MACHINES.some((field) => Object.hasOwn(config, field))) return undefined;
  const ids = new Map<string, DefinedState>();
  const id = typeof config.id === 'string' && config.id !== '' ? config.id : fallbackId;
  return { root: readState(config, id, undefined, 0, ids, id), ids };
}

function readState(
  config: Fields,
  key: string,
  parent: DefinedState | undefined,
  level: number,
  ids: Map<string, DefinedState>,
  rootId: string,
): DefinedState {
  const own = typeof config.id === 'string' && config.id !== '' ? config.id : undefined;
  const path = pathOf(key, parent);
  const id = parent === undefined ? rootId : (own ?? [rootId, ...path].join('.'));
  const states = new Map<string, DefinedState>();
  const inner = Object.entries(asFields(config.states)).filter(
    ([name]) => name !== '__proto__' && name.length <= MAX_KEY,
  );
  const room = level < MAX_LEVELS ? Math.max(0, MAX_STATES - ids.size) : 0;
  const state: DefinedState = {
    key,
    id,
    parent,
    config,
    states,
    isCut: isCut(config.states) || inner.length > room || inner.some(([, child]) => isCut(child)),
  };
  ids.set(id, state);
  for (const [name, child] of inner.slice(0, room))
    states.set(name, readState(asFields(child), name, state, level + 1, ids, rootId));
  return state;
}

/** The keys that lead from the root to a state. */
function pathOf(key: string, parent: DefinedState | undefined): string[] {
  if (parent === undefined) return [];
  return [...pathOf(parent.key, parent.parent), key];
}

/** A state as a target that XState finds from anywhere, whatever its key is made of. */
export function targetOf(state: DefinedState, { root }: Definition): string {
  return `#${[root.id, ...pathOf(state.key, state.parent)].map((part) => part.replaceAll('.', '\\.')).join('.')}`;
}

/**
 * The state that `target` names in a transition of `from`, or as much of the way to it as is known. Undefined when none of it is.
 * `isWhole` tells whether it is the very state.
 */
export function findTarget(
  target: string,
  from: DefinedState,
  { ids }: Definition,
): { readonly state: DefinedState; readonly isWhole: boolean } | undefined {
  const [first = '', ...rest] = target.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
  if (first.startsWith('#')) return descend(ids.get(first.slice(1)), rest);
  if (first === '') return descend(from, rest);
  const sibling = from.parent?.states.get(first);
  return descend(sibling, rest);
}

function descend(start: DefinedState | undefined, path: readonly string[]) {
  if (!start) return undefined;
  let state = start;
  for (const key of path) {
    const next = state.states.get(key);
    if (!next) return { state, isWhole: false };
    state = next;
  }
  return { state, isWhole: true };
}

/** Whether a state has states of its own that are known. */
export const isCompound = ({ states }: DefinedState): boolean => states.size > 0;

/** The child that a compound state begins with. */
export function initialOf(state: DefinedState): DefinedState {
  const { initial } = state.config;
  const named = asList(typeof initial === 'object' ? asFields(initial).target : initial)[0];
  const key = typeof named === 'string' ? (named.replace(/^\./, '').split('.')[0] ?? '') : '';
  const child = state.states.get(key) ?? [...state.states.values()][0];
  assert(child !== undefined, 'a compound state has a child');
  return child;
}
