import type { Counterexample, PropertyResult } from '@synod/checker';
import { assert, describeIssues, encodeTrace, SynodError } from '@synod/protocol';
import * as v from 'valibot';

/** The version of the format; a reader refuses any other. */
const VERSION = 1;

/** A run that the checker found, to be looked at again: what it shows, of which model, and its trace. */
export interface CounterexampleFile extends Counterexample {
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
}

/** What is known of a counterexample beside its property. */
export type About = Pick<CounterexampleFile, 'protocol' | 'model' | 'nodes' | 'mutant' | 'command'>;

/** A file of the run that shows a verdict. Undefined for one that needs no run. */
export function counterexampleFile(about: About, result: PropertyResult): CounterexampleFile | undefined {
  const { name: property, trace, kind, verdict, message } = result;
  if (!trace) return undefined;
  return {
    format: 'synod-counterexample',
    version: VERSION,
    ...about,
    property,
    kind,
    verdict,
    ...(message !== undefined && { message }),
    ...trace,
  };
}

/** The file as JSON, one step and one record a line. */
export function encodeCounterexample({ steps, trace, ...rest }: CounterexampleFile): string {
  const head = JSON.stringify(rest, undefined, 2).slice(0, -2);
  const list = (lines: readonly string[]) => `[\n    ${lines.join(',\n    ')}\n  ]`;
  const records = trace.map((record) => encodeTrace(record));
  return `${head},\n  "steps": ${list(steps.map((step) => JSON.stringify(step)))},\n  "trace": ${list(records)}\n}\n`;
}

const text = v.string();
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const schema = v.strictObject({
  format: v.literal('synod-counterexample'),
  version: v.literal(VERSION),
  protocol: text,
  model: text,
  nodes: whole,
  mutant: v.optional(text),
  property: text,
  kind: v.picklist(['always', 'sometimes', 'eventually', 'step']),
  verdict: v.picklist(['holds', 'violated', 'unknown']),
  message: v.optional(text),
  command: text,
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
