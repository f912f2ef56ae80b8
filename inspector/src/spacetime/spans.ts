import type { TraceRecord } from '@synod/protocol';

// Stretches of time in which something was done to the nodes, as notes tell of it. Whoever does it says so in a note on each node it touches:
// of a schedule (`FAULT`, `FAULT_OVER`), or of a person (`CONTROL`, `FAULT`); a checker says it once, without a code.

/** Groups of nodes that cannot reach each other. */
export type Groups = readonly (readonly string[])[];

/** Something that was done to the nodes, or to the network between them. */
export interface Span {
  /** The first word of its note: `partition`, `pause`, `delay`. */
  readonly kind: string;
  /** What was noted of it. */
  text: string;
  /** Index and time, in milliseconds, of the note with which it began; -1 and -∞ of what was so before. */
  readonly index: number;
  readonly from: number;
  /** When it was over, if it is. */
  to: number | undefined;
  /** The index of the note that says so. */
  endIndex: number | undefined;
  /** The nodes on which it was noted. */
  readonly nodes: Set<string>;
  /** Of a partition, who can reach whom, where that is known. */
  groups: Groups | undefined;
}

const CODES = new Set(['FAULT', 'FAULT_OVER', 'CONTROL']);
/** What is over at once is told as a mark and not as a stretch. */
const LASTING = new Set([
  'partition',
  'pause',
  'skew',
  'disk',
  'drop',
  'delay',
  'duplicate',
  'reorder',
  'lose',
  'crash',
]);
/** What ends what. */
const ENDS: Readonly<Record<string, string>> = { heal: 'partition', resume: 'pause', restart: 'crash' };

/** A fault that is none any longer: `drop 0 %`, `skew n1 to 1 times the true speed`. */
const NOTHING = /^(?:drop|duplicate|reorder) 0 %|^delay 0 ms|^skew \S+ to 1 times/;

/** The links, or whose clock, of a fault as a person lays it: of its kind there lies one at a time. */
const placeOf = (text: string): string | undefined =>
  / (from .+ to .+)$/.exec(text)?.[1] ?? /^skew (\S+) to /.exec(text)?.[1];

/** Who asked for it is told after what was asked. */
const withoutAsker = (text: string): string => text.replace(/ by a person.*$/, '');

/** As a checker's counterexample has it. */
const PARTS = /^a partition parts (.+) from (.+)$/;
const HEALS = 'the partition heals';

type Note = Extract<TraceRecord, { type: 'note' }>;

/** What notes tell of faults, one after the other. */
export class SpanBook {
  readonly all: Span[];
  /** What a person asked for, and no node has told of yet. */
  readonly #asked = new Set<Span>();
  /** What was so before the first note. */
  readonly #begun: Set<Span>;

  constructor(begun: readonly Span[] = []) {
    this.all = [...begun];
    this.#begun = new Set(begun);
  }

  /** Takes account of a record; `at` is its time on the axis of all nodes. */
  add(record: TraceRecord, index: number, at: number): void {
    if (record.type !== 'note') return;
    if (record.code === undefined) return this.#searched(record, index, at);
    if (!CODES.has(record.code)) return;
    const kind = /^[a-zA-Z]+/.exec(record.text)?.[0] ?? '';
    if (kind === 'clear') this.#endAll(index, at);
    else if (record.code === 'FAULT_OVER') this.#over(kind, index, at);
    else if (ENDS[kind] !== undefined) this.#endAll(index, at, ENDS[kind], record.node);
    else if (NOTHING.test(record.text)) this.#endAt(kind, withoutAsker(record.text), index, at);
    else if (LASTING.has(kind)) this.#begin(kind, record, index, at);
  }

  /** A step of a search over all schedules, which has no codes. */
  #searched(record: Note, index: number, at: number): void {
    if (record.text === HEALS) this.#endAll(index, at, 'partition');
    else if (PARTS.test(record.text)) this.#begin('partition', record, index, at);
  }

  #begin(kind: string, record: Note, index: number, at: number): void {
    const text = withoutAsker(record.text);
    this.#tell(kind, text, record.node);
    const open = this.all.filter((span) => span.kind === kind && span.to === undefined);
    const same = open.find((span) => span.text === text);
    if (same) {
      same.nodes.add(record.node);
      if (record.code === 'FAULT') this.#asked.delete(same);
      return;
    }
    const asked = open.find((span) => this.#asked.has(span));
    const groups = groupsOf(record);
    if (record.code === 'FAULT' && asked) {
      // What the nodes tell is what was done.
      this.#asked.delete(asked);
      Object.assign(asked, { text, groups: groups ?? asked.groups });
      asked.nodes.add(record.node);
      return;
    }
    // A person's partition takes the place of the one before; those of a schedule stand side by side until each is over.
    if (kind === 'partition' && Number.isNaN(lengthOf(text))) this.#endAll(index, at, kind);
    else this.#endAt(kind, text, index, at);
    const span: Span = {
      kind,
      text,
      index,
      from: at,
      to: undefined,
      endIndex: undefined,
      nodes: new Set([record.node]),
      groups,
    };
    this.all.push(span);
    if (record.code === 'CONTROL') this.#asked.add(span);
  }

  /** What was thought to have begun before all notes begins with this one. */
  #tell(kind: string, text: string, node: string): void {
    for (const span of this.#begun) {
      if (span.kind !== kind || !text.startsWith(span.text) || !span.nodes.has(node)) continue;
      this.#begun.delete(span);
      this.all.splice(this.all.indexOf(span), 1);
    }
  }

  /** One that a schedule ends. Each node notes it: only the first of them says something new. */
  #over(kind: string, index: number, at: number): void {
    if (this.all.some((span) => span.kind === kind && span.to === at)) return;
    const open = this.all.filter((span) => span.kind === kind && span.to === undefined);
    const over = open.find((span) => Math.abs(span.from + lengthOf(span.text) - at) < 1) ?? open[0];
    if (over) Object.assign(over, { to: at, endIndex: index });
  }

  /** What lies at the place of another of its kind. */
  #endAt(kind: string, text: string, index: number, at: number): void {
    const place = placeOf(text);
    if (place === undefined) return;
    for (const span of this.all)
      if (span.to === undefined && span.kind === kind && placeOf(span.text) === place)
        Object.assign(span, { to: at, endIndex: index });
  }

  /** All of a kind; those of nodes only on the node that is named. */
  #endAll(index: number, at: number, kind?: string, node?: string): void {
    for (const span of this.all) {
      if (span.to !== undefined || (kind !== undefined && span.kind !== kind)) continue;
      if (node === undefined || kind === 'partition' || span.nodes.has(node))
        Object.assign(span, { to: at, endIndex: index });
    }
  }
}

/** How long it is meant to last, in milliseconds, if its text says so. */
const lengthOf = (text: string): number => Number(/ for ([\d.]+) ms/.exec(text)?.[1] ?? Number.NaN);

/** The groups that a note tells of: as the shape of a schedule's partition, or in words. */
function groupsOf(record: Note): Groups | undefined {
  const sides = PARTS.exec(record.text)?.slice(1);
  if (sides) return sides.map((side) => side.split(', '));
  const shape = /between (\{.*\})/.exec(record.text)?.[1];
  if (shape !== undefined) return groupsOfShape(shape);
  const words = /^partition (?!for [\d.]+ ms)(.*?)(?: by .*)?$/.exec(record.text)?.[1];
  const groups = words?.split(' | ').map((group) => group.split(', ').filter((name) => name !== ''));
  // A person may name one group alone, to be parted from all others.
  return groups?.[0]?.length ? groups : undefined;
}

function groupsOfShape(text: string): Groups | undefined {
  try {
    const shape = JSON.parse(text) as { readonly shape?: unknown; readonly groups?: unknown; readonly node?: unknown };
    if (shape.shape === 'isolate' && typeof shape.node === 'string') return [[shape.node]];
    return isGroups(shape.groups) ? shape.groups : undefined;
  } catch {
    return undefined;
  }
}

const isGroups = (value: unknown): value is Groups =>
  Array.isArray(value) &&
  value.every((group) => Array.isArray(group) && group.every((name) => typeof name === 'string'));
