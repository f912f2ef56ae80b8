import { assert, SynodError, type TraceRecord } from '@synod/protocol';
import { isChart } from '../world/read.ts';
import { emptyWorld, type World, withRecord } from '../world/world.ts';
import { actorOfRecord } from './text.ts';

/** Records that can be read more than once, as a list can and a generator cannot: of a file, each reading begins anew. */
export type Records = Iterable<TraceRecord>;

export function assertRepeatable(records: Records): void {
  assert(!('next' in records), 'an export reads its records twice: give what can be iterated anew, and no generator');
}

/** A place in a trace: a record, counted from 1 on, or a time in the trace's own milliseconds. */
export type Place = { readonly record: number } | { readonly ms: number };

const isPassed = (to: Place | undefined, { at }: TraceRecord, count: number): boolean =>
  to !== undefined && ('record' in to ? count > to.record : at > to.ms);

/** Whether nothing is to come once a record is passed: times of different nodes need not grow along the file, numbers do. */
const isLast = (to: Place | undefined): boolean => to !== undefined && 'record' in to;

/** The same records. @throws SynodError `TRACE_INVALID` for a chart that cannot be drawn: a trace's reader does not look into it. */
function* checked(records: Records): Generator<TraceRecord> {
  let count = 0;
  for (const record of records) {
    count++;
    if (record.type === 'spawn' && !isChart(record.chart))
      throw new SynodError('TRACE_INVALID', `In record ${count} the chart of ${record.actor} is none; was it edited?`);
    yield record;
  }
}

/** The records up to a place. */
export function* until(records: Records, to: Place | undefined): Generator<TraceRecord> {
  let count = 0;
  for (const record of checked(records)) {
    if (!isPassed(to, record, ++count)) yield record;
    else if (isLast(to)) return;
  }
}

/** Which records of a trace. What is left out does not restrict. */
export interface Selection {
  /** Addresses. Of messages both ends count, and what a whole node does belongs to each of its actors. */
  readonly actors?: readonly string[];
  readonly nodes?: readonly string[];
  /** The first record. */
  readonly from?: Place;
  /** The last record. */
  readonly to?: Place;
  /** Begin with the actors that live by then, each as a `spawn` in its present state: for what draws states. Default false. */
  readonly present?: boolean;
}

/**
 * The records that `selection` names, in their order; to be read as often as one likes.
 * @throws SynodError `EXPORT_EMPTY` where these are none, as it is read to its end; `EXPORT_UNKNOWN` for an actor or a node that the trace does not have.
 */
export const select = (records: Records, selection: Selection): Records => ({
  [Symbol.iterator]: () => new Selected(selection).of(records),
});

class Selected {
  readonly #selection: Selection;
  readonly #actors = new Set<string>();
  readonly #nodes = new Set<string>();
  #world: World = emptyWorld;
  readonly #clocks = new Map<string, TraceRecord>();

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  *of(records: Records): Generator<TraceRecord> {
    const { present } = this.#selection;
    let [count, found, begun] = [0, 0, false];
    for (const record of checked(records)) {
      count++;
      this.#see(record);
      if (!this.#isReached(record, count)) {
        if (present) this.#remember(record);
        continue;
      }
      const { to } = this.#selection;
      if (isPassed(to, record, count)) {
        if (isLast(to)) break;
        continue;
      }
      if (!this.#isOf(record)) {
        if (present && !begun) this.#remember(record);
        continue;
      }
      if (present && !begun) yield* this.#living(record);
      begun = true;
      // What a whole node does is no proof of an actor.
      if (!this.#selection.actors || actorOfRecord(record) !== undefined) found++;
      yield record;
    }
    if (found === 0) throw this.#nothing(count);
  }

  #see(record: TraceRecord): void {
    this.#nodes.add(record.node);
    const actor = actorOfRecord(record);
    if (actor !== undefined) this.#actors.add(actor);
  }

  #remember(record: TraceRecord): void {
    this.#world = withRecord(this.#world, record);
    this.#clocks.set(record.node, record);
  }

  #isReached({ at }: TraceRecord, count: number): boolean {
    const { from } = this.#selection;
    return from === undefined || ('record' in from ? count >= from.record : at >= from.ms);
  }

  #isOf(record: TraceRecord): boolean {
    const { actors, nodes } = this.#selection;
    if (nodes && !nodes.includes(record.node)) return false;
    if (!actors) return true;
    const { from, to } = record as { readonly from?: string; readonly to?: string };
    const own = actorOfRecord(record);
    if (own === undefined) return actors.some((actor) => actor.endsWith(`@${record.node}`));
    return [own, from, to].some((each) => each !== undefined && actors.includes(each));
  }

  *#living({ at }: TraceRecord): Generator<TraceRecord> {
    const { actors, nodes } = this.#selection;
    for (const { node, actors: all } of Object.values(this.#world)) {
      const last = this.#clocks.get(node);
      if (!last || (nodes && !nodes.includes(node))) continue;
      for (const { address, protocol, chart, state, context, phase } of Object.values(all)) {
        if (phase !== 'running' || (actors && !actors.includes(address))) continue;
        const { seq, clock } = last;
        const actor = address as `${string}@${string}`;
        const spawn = { type: 'spawn', actor, protocol, chart, state, context, recovered: false } as TraceRecord;
        yield { ...spawn, seq, at, node, clock };
      }
    }
  }

  #nothing(count: number): SynodError {
    const { actors = [], nodes = [] } = this.#selection;
    if (count === 0)
      return new SynodError('EXPORT_EMPTY', 'The trace has no records; record a run in which something happens.');
    const unknown = [
      ...actors.filter((actor) => !this.#actors.has(actor)),
      ...nodes.filter((node) => !this.#nodes.has(node)),
    ];
    if (unknown.length === 0)
      return new SynodError(
        'EXPORT_EMPTY',
        `None of the ${count} records read is within what was asked for; choose a wider range.`,
      );
    const known = [...(actors.length > 0 ? this.#actors : this.#nodes)];
    return unknownError(unknown, known);
  }
}

export const unknownError = (unknown: readonly string[], known: readonly string[]): SynodError =>
  new SynodError(
    'EXPORT_UNKNOWN',
    `The trace has no ${unknown.join(', ')}; it has ${known.slice(0, 20).join(', ')}${known.length > 20 ? ' and more' : ''}.`,
  );
