import type { Counterexample, PropertyResult } from '@synod/checker';
import { assert, describeIssues, encodeTrace, SynodError } from '@synod/protocol';
import * as v from 'valibot';
import type { FaultOptions } from '../check/faults.ts';

/** The version of the format; a reader refuses any other. */
const VERSION = 1;

/** A run that the checker found, to be looked at again: what it shows, of which model, and its trace. */
export interface CounterexampleFile extends Omit<Counterexample, 'tracks'> {
  readonly format: 'synod-counterexample';
  readonly version: typeof VERSION;
  /** The specification's name. */
  readonly protocol: string;
  readonly model: string;
  readonly nodes: number;
  readonly mutant?: string;
  readonly property: string;
  readonly kind: PropertyResult['kind'];
  readonly verdict: PropertyResult['verdict'];
  readonly message?: string;
  /** What finds it again. */
  readonly command: string;
  /** Budgets for faults in the place of the model's. */
  readonly faults?: FaultOptions;
  /** What the same search came to of all properties. */
  readonly verdicts?: readonly PropertyVerdict[];
  /** What the properties say along this run. */
  readonly tracks?: Counterexample['tracks'];
}

/** What a search came to of a property. */
export type PropertyVerdict = Pick<PropertyResult, 'name' | 'kind' | 'verdict' | 'message'>;

/** What is known of a counterexample beside its property. */
export type About = Pick<CounterexampleFile, 'protocol' | 'model' | 'nodes' | 'mutant' | 'faults' | 'command'>;

/** A file of the run that shows a verdict. Undefined for one that needs no run. */
export function counterexampleFile(
  about: About,
  result: PropertyResult,
  all: readonly PropertyResult[],
): CounterexampleFile | undefined {
  const { name: property, trace, kind, verdict, message } = result;
  if (!trace) return undefined;
  const verdicts = all.map(({ trace: _, ...said }) => said);
  return {
    format: 'synod-counterexample',
    version: VERSION,
    ...about,
    property,
    kind,
    verdict,
    ...(message !== undefined && { message }),
    verdicts,
    ...trace,
  };
}

/** The file as JSON, one step, one record and one property a line. */
export function encodeCounterexample({ steps, trace, verdicts, tracks, ...rest }: CounterexampleFile): string {
  const head = JSON.stringify(rest, undefined, 2).slice(0, -2);
  const list = (name: string, lines: readonly string[]) => `,\n  "${name}": [\n    ${lines.join(',\n    ')}\n  ]`;
  const each = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item));
  const said = verdicts ? list('verdicts', each(verdicts)) : '';
  const told = tracks ? list('tracks', each(tracks)) : '';
  const records = trace.map((record) => encodeTrace(record));
  return `${head}${said}${told}${list('steps', each(steps))}${list('trace', records)}\n}\n`;
}

const text = v.string();
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const kind = v.picklist(['always', 'sometimes', 'eventually', 'step']);
const verdict = v.picklist(['holds', 'violated', 'unknown']);
const schema = v.strictObject({
  format: v.literal('synod-counterexample'),
  version: v.literal(VERSION),
  protocol: text,
  model: text,
  nodes: whole,
  mutant: v.optional(text),
  property: text,
  kind,
  verdict,
  message: v.optional(text),
  command: text,
  faults: v.optional(
    v.strictObject({
      partition: v.optional(v.boolean()),
      crashes: v.optional(whole),
      drops: v.optional(whole),
      duplicates: v.optional(whole),
    }),
  ),
  verdicts: v.optional(v.array(v.strictObject({ name: text, kind, verdict, message: v.optional(text) }))),
  tracks: v.optional(
    v.array(v.strictObject({ name: text, kind, source: text, changes: v.array(v.tuple([whole, v.boolean()])) })),
  ),
  cycleFrom: v.optional(whole),
  steps: v.array(v.strictObject({ action: text, node: text, text })),
  trace: v.array(v.looseObject({ type: text, node: text, seq: v.number(), at: v.number() })),
});

/**
 * Checks what was read from a file.
 * @throws SynodError `COUNTEREXAMPLE_INVALID`, naming the part.
 */
export function parseCounterexample(value: unknown): CounterexampleFile {
  const result = schema['~standard'].validate(value);
  assert(!(result instanceof Promise), 'the schema is synchronous');
  if (!result.issues) return result.value as unknown as CounterexampleFile;
  throw new SynodError(
    'COUNTEREXAMPLE_INVALID',
    `The counterexample file is not valid: ${describeIssues(result.issues)}. Save it again with synod check --save.`,
  );
}
