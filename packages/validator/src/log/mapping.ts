import { describeIssues, SynodError } from '@synod/protocol';
import * as v from 'valibot';
import type { LogMapping, Observation } from './observation.ts';

const text = v.string();
const record = v.record(text, v.unknown());

const ruleSchema = v.strictObject({
  /** For lines that are JSON: the values that certain paths must have. */
  when: v.optional(v.record(text, v.union([text, v.number(), v.boolean(), v.null()]))),
  /** For lines of text: a regular expression; its named groups are what templates draw on. */
  match: v.optional(text),
  actor: v.optional(text),
  start: v.optional(v.strictObject({ input: v.optional(v.unknown()) })),
  event: v.optional(v.union([text, v.looseObject({ type: text })])),
  outcome: v.optional(record),
  state: v.optional(v.union([text, record])),
  context: v.optional(record),
  at: v.optional(text),
});
const mappingSchema = v.strictObject({ lines: v.pipe(v.array(ruleSchema), v.minLength(1)) });

type Rule = v.InferOutput<typeof ruleSchema>;
type Facts = Readonly<Record<string, unknown>>;

/**
 * A mapping written as data. Each rule says which lines it is for, and what they tell; the first one that fits counts. In what they tell,
 * `{path}` stands for a value of the line: alone for the value itself, within a text for its text.
 * @throws SynodError `MAPPING_INVALID`, naming the part.
 */
export function parseMapping(value: unknown): LogMapping {
  const result = v.safeParse(mappingSchema, value);
  if (!result.success) throw invalid(describeIssues(result.issues as never));
  const rules = result.output.lines.map((rule, index) => ({ rule, read: readerOf(rule, index) }));
  return (line) => {
    for (const { rule, read } of rules) {
      const facts = read(line);
      if (facts) return observationOf(rule, facts);
    }
    return undefined;
  };
}

/** What a rule finds in a line; undefined where the line is not for it. */
function readerOf({ when, match }: Rule, index: number): (line: string) => Facts | undefined {
  if ((when === undefined) === (match === undefined))
    throw invalid(`lines.${index} needs either "when", for lines of JSON, or "match", a regular expression`);
  if (match !== undefined) {
    const pattern = patternOf(match, index);
    return (line) => {
      const found = pattern.exec(line);
      return found ? { ...found.groups } : undefined;
    };
  }
  const conditions = Object.entries(when ?? {});
  return (line) => {
    const facts = jsonOf(line);
    return facts && conditions.every(([path, wanted]) => at(facts, path) === wanted) ? facts : undefined;
  };
}

function patternOf(source: string, index: number): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (cause) {
    throw invalid(`lines.${index}.match is no regular expression: ${(cause as Error).message}`);
  }
}

function jsonOf(line: string): Facts | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Facts) : undefined;
  } catch {
    return undefined;
  }
}

function observationOf(rule: Rule, facts: Facts): Observation {
  const { actor, start, event, outcome, state, context, at: time } = filled(rule, facts) as Rule;
  const moment = timeOf(time);
  return {
    ...(actor !== undefined && { actor: String(actor) }),
    ...(start !== undefined && { start: start as { input?: unknown } }),
    ...(event !== undefined && { event: typeof event === 'string' ? { type: event } : (event as { type: string }) }),
    ...(outcome !== undefined && { outcome: outcome as never }),
    ...(state !== undefined && { state }),
    ...(context !== undefined && { context }),
    ...(moment !== undefined && { at: moment }),
  };
}

/** Milliseconds: a number, or a date as text. */
function timeOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'number' ? value : Number(value);
  const time = Number.isNaN(number) ? Date.parse(String(value)) : number;
  return Number.isNaN(time) ? undefined : time;
}

/** A template with what a line has in the place of `{path}`; fields for which it has nothing are left out. */
function filled(template: unknown, facts: Facts): unknown {
  if (typeof template === 'string') {
    const whole = /^\{([^{}]+)\}$/u.exec(template);
    if (whole) return at(facts, whole[1] as string);
    return template.replaceAll(/\{([^{}]+)\}/gu, (_, path: string) => String(at(facts, path) ?? ''));
  }
  if (Array.isArray(template)) return template.map((each) => filled(each, facts));
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template).filter(([key]) => key !== 'when' && key !== 'match');
  return Object.fromEntries(
    entries.map(([key, value]) => [key, filled(value, facts)] as const).filter(([, value]) => value !== undefined),
  );
}

function at(facts: Facts, path: string): unknown {
  let value: unknown = facts;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Facts)[key];
  }
  return value;
}

const invalid = (what: string): SynodError => new SynodError('MAPPING_INVALID', `The mapping is not valid: ${what}.`);
