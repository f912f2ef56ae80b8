import type { AnyActorRef } from 'xstate';

/** A value in which no actor is left: each shows as its path. Values without any stay what they are. */
export function withPaths(value: unknown, pathOf: (ref: AnyActorRef) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isActorRef(value)) return { actor: pathOf(value) };
  if (Array.isArray(value))
    return kept(
      value,
      value.map((item) => withPaths(item, pathOf)),
    );
  if (value instanceof Map) {
    const pairs = [...value].map(([key, item]) => [withPaths(key, pathOf), withPaths(item, pathOf)] as const);
    return [...value].every(([key, item], at) => key === pairs[at]?.[0] && item === pairs[at]?.[1])
      ? value
      : new Map(pairs);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value);
  const mapped = entries.map(([key, item]) => [key, withPaths(item, pathOf)] as const);
  return entries.every(([, item], at) => item === mapped[at]?.[1]) ? value : Object.fromEntries(mapped);
}

const kept = (before: readonly unknown[], after: readonly unknown[]): readonly unknown[] =>
  before.every((item, at) => item === after[at]) ? before : after;

const isActorRef = (value: object): value is AnyActorRef =>
  'sessionId' in value && 'getSnapshot' in value && 'send' in value;
