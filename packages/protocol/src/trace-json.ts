import * as v from 'valibot';
import { assert } from './assert.ts';
import { SynodError } from './errors.ts';
import { describeIssues } from './messages.ts';
import { plainJson, type TraceLimits } from './plain-json.ts';
import { TRACE_VERSION, type TraceHeader, type TraceRecord } from './trace.ts';
import { type TypeNote, typeNotes } from './trace-exact.ts';

/** Limits for a stream to a viewer: whole logs and stores do not travel with each transition. */
export const VIEWER_LIMITS: TraceLimits = { depth: 5, items: 24, characters: 240, values: 2_000 };

/** The first line of a trace. */
export const traceHeader = (about: Readonly<Record<string, unknown>> = {}): TraceHeader => ({
  type: 'header',
  format: 'synod-trace',
  version: TRACE_VERSION,
  about,
});

/** Fields that a reader needs whole: a clock of fifty nodes has fifty numbers. What the guards came to is bounded by the engine. */
const WHOLE = new Set(['chart', 'clock', 'guards']);

/**
 * A record as one line of JSON, without the line's end. Charts, clocks and guards are never cut; other values only as `limits` says. A machine's
 * input is left out: only a recording needs it.
 */
export function encodeTrace(record: TraceRecord | TraceHeader, limits: TraceLimits = {}): string {
  const entries = Object.entries(record)
    .filter(([key]) => key !== 'input')
    .map(([key, value]) => [key, WHOLE.has(key) ? value : plainJson(value, limits)]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** The first line of a recording. `changed`: as in `encodeRecording`. */
export const recordingHeader = (
  about: Readonly<Record<string, unknown>> = {},
  changed: TraceLimits = VIEWER_LIMITS,
): TraceHeader => ({ ...traceHeader(about), recording: { changed } });

/** What a machine is given, and of which a replay needs the very values. */
const EXACT: Readonly<Partial<Record<TraceRecord['type'], readonly string[]>>> = {
  spawn: ['context', 'input'],
  receive: ['event'],
};

/**
 * A record as one line of JSON from which the run can be judged: what a machine was given stands there whole, and beside it, as `types`,
 * what JSON cannot tell of it. What a step changed is compared and not computed with, so it is cut as `changed` says: a log that grows
 * would else be written anew with each entry.
 */
export function encodeRecording(record: TraceRecord, changed: TraceLimits = VIEWER_LIMITS): string {
  const fields = record as unknown as Readonly<Record<string, unknown>>;
  const notes = (EXACT[record.type] ?? []).flatMap((field) => typeNotes(fields[field], [field]));
  const entries = Object.entries(record).map(([key, value]) => [
    key,
    WHOLE.has(key) ? value : plainJson(value, key === 'changed' ? changed : {}),
  ]);
  return JSON.stringify({ ...Object.fromEntries(entries), ...(notes.length > 0 && { types: notes }) });
}

/** A record as it is read from a file, with the types that JSON could not tell. */
export type RecordedLine = TraceRecord & { readonly types?: readonly TypeNote[] };

const text = v.string();
const base = {
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  at: v.number(),
  node: text,
  clock: v.record(text, v.number()),
};
const event = v.looseObject({ type: text });
const optional = <T extends v.GenericSchema>(schema: T) => v.optional(schema);
const types = optional(v.array(v.tupleWithRest([v.array(v.union([text, v.number()])), text], v.unknown())));

const recordSchema = v.variant('type', [
  v.object({
    ...base,
    type: v.literal('spawn'),
    actor: text,
    protocol: text,
    chart: v.looseObject({ id: text, root: v.looseObject({ id: text }) }),
    state: v.unknown(),
    context: v.unknown(),
    recovered: v.boolean(),
    input: optional(v.record(text, v.unknown())),
    parent: optional(text),
    types,
  }),
  v.object({
    ...base,
    type: v.literal('receive'),
    actor: text,
    event,
    id: optional(text),
    from: optional(text),
    types,
  }),
  v.object({
    ...base,
    type: v.literal('transition'),
    actor: text,
    event: text,
    state: v.unknown(),
    transitions: v.array(text),
    changed: v.record(text, v.unknown()),
    guards: optional(v.array(v.object({ transition: text, condition: text, outcome: v.boolean() }))),
    actions: optional(v.array(text)),
    inferred: optional(v.literal(true)),
  }),
  v.object({ ...base, type: v.literal('send'), id: text, from: text, to: text, message: event }),
  v.object({ ...base, type: v.literal('deliver'), id: text, from: text, to: text, message: text }),
  v.object({
    ...base,
    type: v.literal('drop'),
    reason: text,
    id: optional(text),
    from: optional(text),
    to: optional(text),
    message: optional(text),
    detail: optional(text),
  }),
  v.object({ ...base, type: v.literal('timer.set'), actor: text, id: text, delayMs: v.number() }),
  v.object({ ...base, type: v.picklist(['timer.fired', 'timer.cancelled']), actor: text, id: text }),
  v.object({
    ...base,
    type: v.literal('durable'),
    actor: text,
    fields: v.array(v.object({ field: text, from: optional(v.number()), count: optional(v.number()) })),
  }),
  v.object({ ...base, type: v.literal('emit'), actor: text, event }),
  v.object({ ...base, type: v.literal('crash'), actor: optional(text), reason: text }),
  v.object({ ...base, type: v.literal('restart'), actor: text, attempt: v.number() }),
  v.object({ ...base, type: v.literal('stop'), actor: text }),
  v.object({ ...base, type: v.literal('note'), text, code: optional(text), actor: optional(text) }),
]);

/** Levels of a record; whoever follows a value by recursion can do so this far. */
const MAX_DEPTH = 2_000;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

/**
 * Reads one line of a trace.
 * @throws SynodError `TRACE_VERSION` for a trace of another version, `TRACE_INVALID` for anything that is no record of this format.
 */
export function decodeTrace(line: string): RecordedLine | TraceHeader {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new SynodError('TRACE_INVALID', 'A line of the trace is not JSON; was the file cut off or edited?', {
      cause,
    });
  }
  if (isHeader(value)) {
    if (value.version === TRACE_VERSION) return value;
    throw new SynodError(
      'TRACE_VERSION',
      `The trace has version ${String(value.version)}, this program reads version ${TRACE_VERSION}.`,
    );
  }
  // Each level is two brackets at least, so that most lines need not be looked through.
  if (line.length > 2 * MAX_DEPTH && isDeeper(value, MAX_DEPTH))
    throw new SynodError('TRACE_INVALID', `A line of the trace is nested deeper than ${MAX_DEPTH} levels.`);
  const result = recordSchema['~standard'].validate(value);
  assert(!(result instanceof Promise), 'the trace schema is synchronous');
  if (result.issues) {
    throw new SynodError(
      'TRACE_INVALID',
      `A line of the trace is not a record of version ${TRACE_VERSION}: ${describeIssues(result.issues)}.`,
    );
  }
  return result.value as RecordedLine;
}

const isHeader = (value: unknown): value is TraceHeader =>
  typeof value === 'object' &&
  value !== null &&
  (value as TraceHeader).type === 'header' &&
  (value as TraceHeader).format === 'synod-trace';
