import { assert, canonical, describeIssues, SynodError } from '@synod/protocol';
import * as v from 'valibot';
import type { AnyStateMachine } from 'xstate';
import { createPayloads } from '../payloads/create.ts';
import type { Subject } from '../subject.ts';
import type { TestStep } from '../test-case.ts';
import { subjectOf } from '../world/subject.ts';
import { Companion } from './companion.ts';
import { decodeValue, encodeValue } from './encode.ts';
import { type ExploreOptions, type Failure, retrace } from './explore.ts';
import { checkedProperties } from './judge.ts';
import type { Broken } from './property.ts';
import { stimulusOf } from './stimulus.ts';
import { Walk } from './walk.ts';

/** The version of the format; a reader refuses any other. */
export const PROPERTY_REPLAY_VERSION = 1;

/** A run of a machine that breaks a promise, to be had again. */
export interface PropertyReplay {
  readonly format: 'synod-property-replay';
  readonly version: typeof PROPERTY_REPLAY_VERSION;
  /** Where the machine is found, as `synod property` was told. */
  readonly module: string;
  /** Of a protocol: the role. */
  readonly role?: string;
  /** Where the properties are found, if they are not beside the machine. */
  readonly properties?: string;
  /** The machine's id. */
  readonly machine: string;
  readonly seed: number;
  /** Fast-check's path to the run. */
  readonly path: string;
  readonly real: boolean;
  readonly broken: Broken;
  readonly input: unknown;
  readonly steps: readonly TestStep[];
}

/** Puts down a failure. */
export const recordPropertyReplay = (
  about: Pick<PropertyReplay, 'module' | 'role' | 'properties' | 'machine' | 'seed' | 'real'>,
  { property, kind, message, input, steps, path }: Failure,
): PropertyReplay => ({
  format: 'synod-property-replay',
  version: PROPERTY_REPLAY_VERSION,
  ...about,
  path,
  broken: { property, kind, message },
  input,
  steps,
});

/** What a replay came to. */
export interface PropertyReplayed {
  /** What the run breaks now. */
  readonly broken?: Broken;
  /** Whether it breaks the same promise after the same steps. */
  readonly sameFailure: boolean;
  /** The first step, from 1, after which something else was to be seen than is in the file. */
  readonly differsAt?: number;
}

/**
 * Takes the steps of a file again, on the machine as it is now.
 * @throws SynodError what the machine throws at its start, `PROPERTY_INVALID`, `PROPERTY_THREW`.
 */
export function replayProperty(
  machine: AnyStateMachine | Subject,
  file: PropertyReplay,
  options: Pick<ExploreOptions, 'properties' | 'values'> = {},
): PropertyReplayed {
  const roundTrip = file.broken.kind === 'roundTrip';
  const subject = subjectOf(machine);
  const walk = new Walk({
    subject,
    payloads: createPayloads(subject.machine, { seed: file.seed, ...options.values }),
    properties: checkedProperties(options.properties ?? []),
    errors: file.broken.kind === 'error',
    ...((file.real || roundTrip) && {
      companion: () => new Companion(subject, { real: file.real, roundTrip, tried: new Set(), lost: new Set() }),
    }),
  });
  retrace(walk, file.input, file.steps.map(stimulusOf));
  const { broken, steps } = walk;
  const differs = file.steps.findIndex((step, index) => canonical(step) !== canonical(steps[index]));
  return {
    ...(broken && { broken }),
    sameFailure:
      broken?.property === file.broken.property &&
      broken.kind === file.broken.kind &&
      steps.length === file.steps.length,
    ...(differs >= 0 && { differsAt: differs + 1 }),
  };
}

/** The file as JSON, one step a line. @throws SynodError `VALUE_UNWRITABLE`. */
export function encodePropertyReplay({ steps, input, ...rest }: PropertyReplay): string {
  const head = JSON.stringify(
    { ...rest, ...(input !== undefined && { input: encodeValue(input) }) },
    undefined,
    2,
  ).slice(0, -2);
  const lines = steps.map((step) => `    ${JSON.stringify(encodeStep(step))}`).join(',\n');
  return `${head},\n  "steps": [${lines && `\n${lines}\n  `}]\n}\n`;
}

/** A field that a step does not speak of is none. */
const encodeStep = (step: TestStep): unknown =>
  encodeValue(Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)));

const text = v.string();
const schema = v.strictObject({
  format: v.literal('synod-property-replay'),
  version: v.literal(PROPERTY_REPLAY_VERSION),
  module: text,
  role: v.optional(text),
  properties: v.optional(text),
  machine: text,
  seed: v.pipe(v.number(), v.integer()),
  path: text,
  real: v.boolean(),
  broken: v.strictObject({
    property: text,
    kind: v.picklist(['always', 'step', 'sometimes', 'eventually', 'leadsTo', 'error', 'loop', 'real', 'roundTrip']),
    message: text,
  }),
  input: v.optional(v.unknown()),
  steps: v.array(
    v.pipe(
      v.looseObject({}),
      v.check(
        (step) => ['send', 'wait', 'done', 'fail', 'relay', 'next'].filter((key) => key in step).length === 1,
        'a step does one thing: send, wait, done, fail, relay or next',
      ),
    ),
  ),
});

/**
 * Reads a replay file.
 * @throws SynodError `PROPERTY_REPLAY_INVALID`, naming the part; `REPLAY_VERSION` for one of another version.
 */
export function parsePropertyReplay(json: string): PropertyReplay {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new SynodError('PROPERTY_REPLAY_INVALID', 'The replay file is not JSON; was it cut off or edited?', {
      cause,
    });
  }
  const { version } = (value ?? {}) as { readonly version?: unknown };
  if (typeof version === 'number' && version !== PROPERTY_REPLAY_VERSION)
    throw new SynodError(
      'REPLAY_VERSION',
      `The replay file has version ${version}, this program reads version ${PROPERTY_REPLAY_VERSION}; record it again.`,
    );
  const result = schema['~standard'].validate(value);
  assert(!(result instanceof Promise), 'the schema is synchronous');
  if (result.issues)
    throw new SynodError(
      'PROPERTY_REPLAY_INVALID',
      `The replay file is not valid: ${describeIssues(result.issues)}. Record it again.`,
    );
  const { input, steps: _, role, properties, ...rest } = result.value;
  return {
    ...rest,
    ...(role !== undefined && { role }),
    ...(properties !== undefined && { properties }),
    input: decodeValue(input),
    steps: (value as { readonly steps: readonly unknown[] }).steps.map((step) => decodeValue(step) as TestStep),
  };
}
