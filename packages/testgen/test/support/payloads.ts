import type { EventObject } from 'xstate';
import type { Payloads } from '../../src/subject.ts';

/** Payloads from a table; of a type that is not in it, an event that carries nothing. */
export const tablePayloads = (
  events: Readonly<Record<string, readonly EventObject[]>>,
  inputs: readonly unknown[] = [undefined],
): Payloads => ({
  inputs,
  events: (type, _, limit) => (events[type] ?? [{ type }]).slice(0, limit),
  values: () => [undefined],
});
