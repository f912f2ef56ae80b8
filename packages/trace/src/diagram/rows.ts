import { brief, describeEvent, describeState, nodeOf, type TraceRecord } from '@synod/protocol';

/** What a piece of the diagram is, for whoever paints it. */
export type Tone =
  | 'time'
  | 'name'
  | 'line'
  | 'message'
  | 'lost'
  | 'request'
  | 'timer'
  | 'state'
  | 'emit'
  | 'fault'
  | 'note';

/** One line of the diagram. `column` and the like name actors. */
export type Row = { readonly at: number } & (
  | {
      readonly kind: 'mark';
      readonly columns: readonly string[];
      readonly symbol: string;
      readonly text: string;
      readonly tone: Tone;
      /** What the columns are from here on. */
      readonly becomes?: 'down' | 'up';
    }
  | {
      readonly kind: 'arrow';
      readonly from: string;
      readonly to: string;
      readonly text: string;
      readonly lost: boolean;
      /** The message's id. */
      readonly id?: string;
      /** A number that the row of its sending has as well. */
      readonly tag?: number;
    }
  | {
      readonly kind: 'sent';
      readonly column: string;
      readonly text: string;
      readonly to: readonly { readonly name: string; readonly id: string; readonly tag?: number }[];
    }
  | { readonly kind: 'start'; readonly states: ReadonlyMap<string, string> }
  | { readonly kind: 'across'; readonly text: string }
);

export interface RowOptions {
  /** Whether to show what changed in an actor's context; default true. */
  readonly changes?: boolean;
  /** Context fields whose changes tell nothing; default `random`, the generator's state. */
  readonly ignored?: readonly string[];
  /** Whether to show timers as they are set and cancelled, and durable writes; default false. */
  readonly details?: boolean;
  /** Lines across the diagram, each before the first row at its moment or later. */
  readonly marks?: readonly { readonly at: number; readonly text: string }[];
}

/** The actors that a trace tells of, in the order in which they come up. */
export function actorsOf(records: readonly TraceRecord[]): readonly string[] {
  const actors = new Set<string>();
  for (const record of records) {
    if ('actor' in record && record.actor !== undefined) actors.add(record.actor);
    if (record.type === 'send') actors.add(record.from);
  }
  return [...actors];
}

/** A trace as rows: what an actor took up, what became of it, what it sent. */
export function rowsOf(records: readonly TraceRecord[], options: RowOptions = {}): readonly Row[] {
  return new Rows(records, options).read();
}

class Rows {
  readonly #records: readonly TraceRecord[];
  readonly #options: RowOptions;
  readonly #rows: Row[] = [];
  readonly #actors: readonly string[];
  readonly #states = new Map<string, string>();
  /** Messages that their receivers took up, by id. */
  readonly #taken: ReadonlySet<string>;
  /** What the trace says of a timer, told by the event that follows. */
  readonly #fired = new Set<string>();

  constructor(records: readonly TraceRecord[], options: RowOptions) {
    this.#records = records;
    this.#options = options;
    this.#actors = actorsOf(records);
    this.#taken = new Set(
      records.flatMap((record) => (record.type === 'receive' && record.id !== undefined ? [record.id] : [])),
    );
  }

  read(): readonly Row[] {
    const marks = (this.#options.marks ?? []).toSorted((a, b) => a.at - b.at);
    for (const record of this.#records) {
      while (marks[0] && record.at >= marks[0].at) this.#across(record.at, marks.shift()?.text ?? '');
      this.#read(record);
    }
    return this.#rows;
  }

  #read(record: TraceRecord): void {
    const { at } = record;
    switch (record.type) {
      case 'spawn':
        return this.#spawn(record);
      case 'receive':
        return this.#receive(record);
      case 'transition':
        return this.#transition(record);
      case 'send':
        return this.#send(record);
      case 'deliver':
        if (!this.#taken.has(record.id)) this.#arrow(at, record.from, record.to, record.message, false, record.id);
        return;
      case 'drop':
        return this.#drop(record);
      case 'timer.fired':
        this.#fired.add(record.actor);
        return this.#mark(at, [record.actor], '◷', timerName(record.id), 'timer');
      case 'emit':
        return this.#mark(at, [record.actor], '»', describeEvent(record.event), 'emit');
      case 'crash': {
        const { actor } = record;
        const columns = actor === undefined ? this.#actors.filter((each) => isOn(each, record.node)) : [actor];
        return this.#mark(at, columns, '✖', `crash${record.reason ? `: ${record.reason}` : ''}`, 'fault', 'down');
      }
      case 'stop':
        return this.#mark(at, [record.actor], '■', 'stops', 'note', 'down');
      case 'restart':
        return this.#mark(at, [record.actor], '↻', 'starts again', 'fault', 'up');
      case 'note':
        if (record.actor === undefined) return this.#across(at, record.text);
        return this.#mark(at, [record.actor], '·', record.text, 'note');
      default:
        if (this.#options.details) this.#detail(record);
    }
  }

  #detail(record: TraceRecord): void {
    const { at } = record;
    if (record.type === 'timer.set')
      this.#mark(at, [record.actor], '·', `sets ${timerName(record.id)} to ${record.delayMs} ms`, 'timer');
    else if (record.type === 'timer.cancelled')
      this.#mark(at, [record.actor], '·', `cancels ${timerName(record.id)}`, 'timer');
    else if (record.type === 'durable') {
      const fields = record.fields.map(({ field }) => field).join(', ');
      this.#mark(at, [record.actor], '·', `has on disk: ${fields}`, 'note');
    }
  }

  #spawn({ at, actor, state, recovered }: Extract<TraceRecord, { type: 'spawn' }>): void {
    const text = describeState(state);
    const known = this.#states.has(actor);
    this.#states.set(actor, text);
    const last = this.#rows.at(-1);
    if (!known && !recovered) {
      if (last?.kind === 'start' && last.at === at) (last.states as Map<string, string>).set(actor, text);
      else this.#rows.push({ kind: 'start', at, states: new Map([[actor, text]]) });
      return;
    }
    // After a crash the trace of a runtime has a record of the restart itself, that of a simulation has not.
    if (last?.kind === 'mark' && last.symbol === '↻' && last.columns.includes(actor)) this.#rows.pop();
    this.#mark(at, [actor], '↻', `starts again: ${text}`, 'fault', 'up');
  }

  #receive({ at, actor, event, id, from }: Extract<TraceRecord, { type: 'receive' }>): void {
    const fired = this.#fired.delete(actor);
    if (id !== undefined && from !== undefined) this.#arrow(at, from, actor, describeEvent(event), false, id);
    else if (!fired) this.#mark(at, [actor], '▷', describeEvent(event), 'request');
  }

  #transition({ at, actor, state, changed }: Extract<TraceRecord, { type: 'transition' }>): void {
    const text = describeState(state);
    const moved = this.#states.get(actor) !== text;
    this.#states.set(actor, text);
    const { changes = true, ignored = ['random'] } = this.#options;
    const told = changes ? Object.entries(changed).filter(([field]) => !ignored.includes(field)) : [];
    const fields = told.map(([field, value]) => `${field}=${brief(value)}`);
    const all = [...(moved ? [text] : []), ...fields].join(' ');
    if (all !== '') this.#mark(at, [actor], moved ? '◆' : '·', all, 'state');
  }

  #send({ at, id, from, to, message }: Extract<TraceRecord, { type: 'send' }>): void {
    const text = describeEvent(message);
    const last = this.#rows.at(-1);
    const receiver = { name: to, id };
    if (last?.kind === 'sent' && last.column === from && last.text === text && last.at === at)
      this.#rows[this.#rows.length - 1] = { ...last, to: [...last.to, receiver] };
    else this.#rows.push({ kind: 'sent', at, column: from, text, to: [receiver] });
  }

  #drop({ at, node, id, from, to, message, reason }: Extract<TraceRecord, { type: 'drop' }>): void {
    const text = `${message ?? 'something'} (${reason})`;
    if (from !== undefined && to !== undefined) return this.#arrow(at, from, to, text, true, id);
    const columns = this.#actors.filter((each) => isOn(each, node));
    this.#mark(at, columns.slice(0, 1), '✗', `${text} is lost`, 'lost');
  }

  #arrow(at: number, from: string, to: string, text: string, lost: boolean, id: string | undefined): void {
    this.#rows.push({ kind: 'arrow', at, from, to, text, lost, ...(id !== undefined && { id }) });
  }

  #mark(
    at: number,
    columns: readonly string[],
    symbol: string,
    text: string,
    tone: Tone,
    becomes?: 'down' | 'up',
  ): void {
    this.#rows.push({ kind: 'mark', at, columns, symbol, text, tone, ...(becomes && { becomes }) });
  }

  /** A fault is told once, though the trace of every node tells of it. */
  #across(at: number, text: string): void {
    for (let index = this.#rows.length - 1; index >= 0; index--) {
      const row = this.#rows[index] as Row;
      if (row.kind !== 'across' || row.at !== at) break;
      if (row.text === text) return;
    }
    this.#rows.push({ kind: 'across', at, text });
  }
}

const isOn = (actor: string, node: string): boolean => nodeOf(actor as `${string}@${string}`) === node;

/** XState's id of a timer of `after` has the delay's name in it; the state stands in the diagram anyway. */
const timerName = (id: string): string => /^xstate\.after\.([^.]+)\./.exec(id)?.[1] ?? id;
