import type { Outcome } from '../world/actor.ts';
import type { ActionKind } from '../world/expansion.ts';
import { Expansion } from '../world/expansion.ts';
import type { Row, World } from '../world/world.ts';
import { fingerprint } from './fingerprint.ts';
import type { Finding, Normalise, Search } from './search.ts';

/** What happened between two worlds. */
export interface Action {
  readonly kind: ActionKind;
  readonly actor: number;
  readonly event: number;
  readonly sent: number;
  readonly fair: number;
  readonly outcome: Outcome | undefined;
}

/** A run of the model: a first world, and what happened then. */
export interface Path {
  readonly rows: readonly Row[];
  /** One less than rows; the last may have failed and lead nowhere. */
  readonly actions: readonly Action[];
}

/** The numbers of the worlds on the way to `number`, the first world's first. */
export function ancestry(search: Search, number: number): number[] {
  const numbers: number[] = [];
  for (let at = number; at >= 0; at = search.parents.at(at)) numbers.push(at);
  return numbers.reverse();
}

/** A run that was found before cannot be had again. */
export class NotRepeatable extends Error {}

/**
 * A real run through these worlds. Where worlds stand for others that count as the same, the run's own worlds are those that come
 * of its own actions, each counting as the one that was found.
 */
export function retrace(search: Search, numbers: readonly number[], normalise: Normalise | undefined): Path {
  const { world } = search;
  const expansion = new Expansion(world);
  const rows: Row[] = [search.first.slice()];
  const actions: Action[] = [];
  for (const number of numbers.slice(1)) {
    const before = rows.at(-1) as Row;
    const wanted = [search.visited.low(number), search.visited.high(number)];
    let found: { readonly row: Row; readonly action: Action } | undefined;
    expansion.each(before, () => {
      if (found || expansion.outcome?.failure !== undefined) return;
      const row = successor(before, expansion);
      const [low, high] = fingerprint(normalised(row, normalise));
      if (low === wanted[0] && high === wanted[1]) found = { row, action: actionOf(expansion) };
    });
    if (!found) throw new NotRepeatable('a step that was taken before cannot be taken again');
    rows.push(found.row);
    actions.push(found.action);
  }
  return { rows, actions };
}

/** The run with the step that breaks something at its end. */
export function withLastStep(world: World, { rows, actions }: Path, step: NonNullable<Finding['step']>): Path {
  const expansion = new Expansion(world);
  const before = rows.at(-1) as Row;
  let last: { readonly row: Row; readonly action: Action } | undefined;
  expansion.each(before, () => {
    const { outcome } = expansion;
    if (last || !outcome) return;
    const isIt = step.property ? outcome.broken.includes(step.property) : outcome.failure === step.failure;
    if (isIt) last = { row: successor(before, expansion), action: actionOf(expansion) };
  });
  return last ? { rows: [...rows, last.row], actions: [...actions, last.action] } : { rows, actions };
}

export function successor(before: Row, { slots, values, count }: Expansion): Row {
  const row = before.slice();
  for (let at = 0; at < count; at++) row[slots[at] as number] = values[at] as number;
  return row;
}

export const actionOf = ({ kind, actor, event, sent, fair, outcome }: Expansion): Action => ({
  kind,
  actor,
  event,
  sent,
  fair,
  outcome,
});

function normalised(row: Row, normalise: Normalise | undefined): Row {
  if (!normalise) return row;
  const copy = row.slice();
  normalise(copy);
  return copy;
}
