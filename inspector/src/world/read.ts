import type { Chart, TraceRecord } from '@synod/protocol';
import { splitLine } from './lines.ts';

/** The types of records, in the order of their numbers in a story's columns. */
export const KINDS = [
  'spawn',
  'receive',
  'transition',
  'send',
  'deliver',
  'drop',
  'timer.set',
  'timer.fired',
  'timer.cancelled',
  'durable',
  'emit',
  'crash',
  'restart',
  'stop',
  'note',
] as const satisfies readonly TraceRecord['type'][];
export type Kind = (typeof KINDS)[number];

const numbers: ReadonlyMap<string, number> = new Map(KINDS.map((kind, at) => [kind, at]));

/** The number of a type of records. */
export const kindNumber = (kind: Kind): number => numbers.get(kind) ?? -1;

export interface ReadLine {
  readonly record: TraceRecord;
  readonly kind: number;
  /** Its place on the axis that all nodes share, in milliseconds, if the line has one. */
  readonly axisMs: number | undefined;
}

/** A line that is no record, and why, in a sentence. */
export class LineError extends Error {
  readonly code = 'TRACE_INVALID';
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (fields: Fields) => string | undefined;

const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const texts =
  (...names: readonly string[]): Check =>
  (fields) =>
    names.find((name) => !isText(fields[name]));
const optional =
  (...names: readonly string[]): Check =>
  (fields) =>
    names.find((name) => fields[name] !== undefined && !isText(fields[name]));
const eventIn =
  (name: string): Check =>
  (fields) =>
    isObject(fields[name]) && isText(fields[name].type) ? undefined : name;
const all =
  (...checks: readonly Check[]): Check =>
  (fields) => {
    for (const check of checks) {
      const wrong = check(fields);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };

/** What a page relies on in a record of each type: the name of a field that is not so. The format's own reader is stricter, and slower. */
const CHECKS: Readonly<Record<Kind, Check>> = {
  spawn: all(texts('actor', 'protocol'), (fields) => (isChart(fields.chart) ? undefined : 'chart')),
  receive: all(texts('actor'), eventIn('event'), optional('id', 'from')),
  transition: all(texts('actor', 'event'), ({ transitions, changed }) =>
    !Array.isArray(transitions) || !transitions.every(isText)
      ? 'transitions'
      : isObject(changed)
        ? undefined
        : 'changed',
  ),
  send: all(texts('id', 'from', 'to'), eventIn('message')),
  deliver: texts('id', 'from', 'to', 'message'),
  drop: all(texts('reason'), optional('id', 'from', 'to', 'message', 'detail')),
  'timer.set': all(texts('actor', 'id'), ({ delayMs }) => (Number.isFinite(delayMs) ? undefined : 'delayMs')),
  'timer.fired': texts('actor', 'id'),
  'timer.cancelled': texts('actor', 'id'),
  durable: all(texts('actor'), ({ fields }) =>
    Array.isArray(fields) && fields.every(isObject) ? undefined : 'fields',
  ),
  emit: all(texts('actor'), eventIn('event')),
  crash: all(texts('reason'), optional('actor')),
  restart: texts('actor'),
  stop: texts('actor'),
  note: all(texts('text'), optional('code', 'actor')),
};

/** Deeper than this no chart of a person's is nested. */
const MAX_DEPTH = 40;

/** Whether something has the form of a chart, as far as drawing relies on it. */
export const isChart = (chart: unknown): chart is Chart =>
  isObject(chart) && isText(chart.id) && isState(chart.root, 0);

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isTextIfAny = (value: unknown): boolean => value === undefined || isText(value);

const isState = (state: unknown, depth: number): boolean =>
  depth < MAX_DEPTH &&
  isObject(state) &&
  isText(state.id) &&
  isText(state.key) &&
  isText(state.kind) &&
  [state.initial, state.history, state.description, state.source].every(isTextIfAny) &&
  [state.tags, state.entry, state.exit, state.otherwise ?? []].every(isTexts) &&
  (state.invoke === undefined || (Array.isArray(state.invoke) && state.invoke.every(isInvocation))) &&
  Array.isArray(state.transitions) &&
  state.transitions.every(isTransition) &&
  Array.isArray(state.states) &&
  state.states.every((child) => isState(child, depth + 1));

const isInvocation = (invocation: unknown): boolean =>
  isObject(invocation) && isText(invocation.id) && isText(invocation.src);

const isTransition = (transition: unknown): boolean =>
  isObject(transition) &&
  [transition.ref, transition.kind, transition.event].every(isText) &&
  [transition.guard, transition.description, transition.source].every(isTextIfAny) &&
  [transition.actions, transition.targets].every(isTexts);

/**
 * Reads a line of a trace; undefined for a header, which is none of its records.
 * @throws LineError
 */
export function readLine(line: string): ReadLine | undefined {
  const { json, axisMs } = splitLine(line);
  return checked(parsed(json), axisMs);
}

/**
 * The same, but of a record's clock only what its own node had counted: the clocks of a hundred nodes are most of a line, and most of the
 * time that it takes to read.
 * @throws LineError
 */
export function skimLine(line: string): ReadLine | undefined {
  const { json, axisMs } = splitLine(line);
  return checked(withoutOthers(json) ?? parsed(json), axisMs);
}

const CLOCK = '"clock":{';
/** The last entry of a clock. A brace within a name is not taken for the end: a quote that opens a name stands after a comma or a brace. */
const LAST_ENTRY = /[^\\,{\s]":\d{1,16}$/;
/** Characters in which a last entry is looked for. */
const TAIL = 24;

/** A record whose clock has its own node's entry alone; undefined where it takes a closer look to tell where the clock begins and ends. */
function withoutOthers(json: string): Fields | undefined {
  const from = json.indexOf(CLOCK) + CLOCK.length;
  const to = json.indexOf('}', from);
  // In front of a record's own clock there is no other object.
  if (from < CLOCK.length || to < 0 || json.lastIndexOf('{', from - 2) !== 0) return undefined;
  if (to > from && !LAST_ENTRY.test(json.slice(Math.max(from, to - TAIL), to))) return undefined;
  let fields: { node?: unknown; clock?: unknown };
  try {
    fields = JSON.parse(json.slice(0, from) + json.slice(to)) as typeof fields;
  } catch {
    return undefined;
  }
  if (!isText(fields.node)) return undefined;
  const name = `${JSON.stringify(fields.node)}:`;
  const own = json.indexOf(name, from);
  const isTold = own >= 0 && own < to;
  // Within a name, a quote stands after a backslash.
  if (isTold && !/[{,]/.test(json.charAt(own - 1))) return undefined;
  const tick = isTold ? Number.parseFloat(json.slice(own + name.length, to)) : undefined;
  if (Number.isNaN(tick)) return undefined;
  fields.clock = tick === undefined ? {} : { [fields.node]: tick };
  return fields as Fields;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new LineError('is not JSON; was the file cut off or edited?');
  }
}

/** @throws LineError */
function checked(fields: unknown, axisMs: number | undefined): ReadLine | undefined {
  if (!isObject(fields)) throw new LineError('is no record of a trace');
  if (fields.type === 'header') return undefined;
  const kind = isText(fields.type) ? numbers.get(fields.type) : undefined;
  if (kind === undefined) throw new LineError(`is a record of an unknown type`);
  const wrong =
    !isText(fields.node) || !Number.isFinite(fields.at) || !isObject(fields.clock)
      ? 'node, at or clock'
      : CHECKS[KINDS[kind] as Kind](fields);
  if (wrong !== undefined)
    throw new LineError(`is a ${String(fields.type)} record in which ${wrong} is missing or wrong`);
  if (axisMs !== undefined && !Number.isFinite(axisMs)) throw new LineError('has no place on the axis of time');
  return { record: fields as unknown as TraceRecord, kind, axisMs };
}
