import { assert, describeIssues, encodeTrace, type Specification, SynodError, type TraceRecord } from '@synod/protocol';
import { type Difference, firstDifference } from '@synod/trace';
import * as v from 'valibot';
import { diskSchema, networkSchema } from './conditions.ts';
import { parseSchedule, type Schedule } from './faults.ts';
import type { Deviation } from './fork/pilot.ts';
import { planOf, type SimulateOptions } from './options.ts';
import { type SimulationResult, simulate } from './simulate.ts';
import type { Violation } from './violation.ts';

/** The version of the replay format; a reader refuses any other. */
export const REPLAY_VERSION = 1;

/** A run to be had again, on any machine: what was decided, what it broke, and its whole trace. */
export interface ReplayFile {
  readonly format: 'synod-replay';
  readonly version: typeof REPLAY_VERSION;
  /** The specification's name. */
  readonly protocol: string;
  readonly mutant?: string;
  readonly simulation: string;
  readonly nodes: number;
  readonly clients: number;
  readonly seed: number;
  readonly seconds: number;
  readonly requests?: readonly number[];
  readonly network?: SimulateOptions['network'];
  readonly disk?: SimulateOptions['disk'];
  readonly schedule: Schedule;
  /** Of a fork: what a person chose to happen. */
  readonly deviations?: readonly Deviation[];
  /** What the run broke; absent where it kept all its promises. */
  readonly violation?: Violation;
  readonly trace: readonly TraceRecord[];
}

/** What a replay came to. */
export interface Replayed {
  readonly result: SimulationResult;
  /** Whether the same promise was broken at the same moment; where the file has none, whether none was. */
  readonly sameViolation: boolean;
  /** Whether the trace is equal to the byte. */
  readonly sameTrace: boolean;
  /** The first record in which the traces differ. */
  readonly difference?: Difference;
}

/** Runs once more, with a trace, and puts down all that it takes to have that run again. */
export function recordReplay(specification: Specification, options: SimulateOptions = {}): ReplayFile {
  const plan = planOf(specification, options);
  const { simulation, nodes, clients, seed, seconds, schedule, mutant } = plan;
  const { requests, network, disk, deviations } = options;
  const { trace, violations } = simulate(specification, { ...options, trace: true, guards: true });
  const [violation] = violations;
  return {
    format: 'synod-replay',
    version: REPLAY_VERSION,
    protocol: specification.name,
    ...(mutant !== undefined && { mutant }),
    simulation: simulation.name,
    nodes,
    clients,
    seed,
    seconds,
    ...(requests && { requests }),
    ...(network && { network }),
    ...(disk && { disk }),
    schedule,
    ...(deviations && { deviations }),
    ...(violation && { violation }),
    trace: trace ?? [],
  };
}

/** The options that give the run of a replay file. */
export function optionsOfReplay(file: ReplayFile): SimulateOptions {
  const { seed, simulation, nodes, clients, seconds, schedule, mutant, requests, network, disk, deviations } = file;
  return {
    seed,
    simulation,
    nodes,
    clients,
    seconds,
    schedule,
    ...(mutant !== undefined && { mutant }),
    ...(requests && { requests }),
    ...(network && { network }),
    ...(disk && { disk }),
    ...(deviations && { deviations }),
  };
}

/**
 * Runs a replay file again.
 * @throws SynodError `REPLAY_PROTOCOL` when it is of another specification, and what `simulate` throws.
 */
export function replay(specification: Specification, file: ReplayFile): Replayed {
  if (file.protocol !== specification.name) {
    throw new SynodError(
      'REPLAY_PROTOCOL',
      `The replay is of protocol "${file.protocol}", and this is "${specification.name}"; load the one it names.`,
    );
  }
  const guards = file.trace.some((record) => record.type === 'transition' && record.guards !== undefined);
  const result = simulate(specification, { ...optionsOfReplay(file), trace: true, guards });
  const difference = firstDifference(file.trace, result.trace ?? []);
  return {
    result,
    sameViolation: sameViolation(file.violation, result.violations[0]),
    sameTrace: difference === undefined,
    ...(difference && { difference }),
  };
}

const sameViolation = (a: Violation | undefined, b: Violation | undefined): boolean =>
  a?.property === b?.property && a?.kind === b?.kind && a?.atMs === b?.atMs && a?.part === b?.part;

/** A replay file as JSON, one record of the trace a line. */
export function encodeReplay({ trace, ...rest }: ReplayFile): string {
  const head = JSON.stringify(rest, undefined, 2).slice(0, -2);
  const lines = trace.map((record) => `    ${encodeTrace(record)}`).join(',\n');
  return `${head},\n  "trace": [${lines && `\n${lines}\n  `}]\n}\n`;
}

const text = v.string();
const count = v.pipe(v.number(), v.integer());

const replaySchema = v.strictObject({
  format: v.literal('synod-replay'),
  version: v.literal(REPLAY_VERSION),
  protocol: text,
  mutant: v.optional(text),
  simulation: text,
  nodes: count,
  clients: count,
  seed: count,
  seconds: v.number(),
  requests: v.optional(v.array(count)),
  network: v.optional(networkSchema),
  disk: v.optional(diskSchema),
  schedule: v.unknown(),
  deviations: v.optional(v.array(v.strictObject({ after: v.pipe(count, v.minValue(0)), choice: text }))),
  violation: v.optional(
    v.strictObject({
      property: text,
      kind: v.picklist(['always', 'step', 'eventually', 'assertion', 'progress', 'history']),
      atMs: v.number(),
      message: text,
      part: v.optional(text),
      drawing: v.optional(text),
    }),
  ),
  trace: v.array(v.looseObject({ type: text, node: text, seq: v.number(), at: v.number() })),
});

/**
 * Reads a replay file.
 * @throws SynodError `REPLAY_INVALID` or `SCHEDULE_INVALID`, naming the part; `REPLAY_VERSION` for one of another version.
 */
export function parseReplay(json: string): ReplayFile {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new SynodError('REPLAY_INVALID', 'The replay file is not JSON; was it cut off or edited?', { cause });
  }
  const { version } = (value ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version !== REPLAY_VERSION) {
    throw new SynodError(
      'REPLAY_VERSION',
      `The replay file has version ${version}, this program reads version ${REPLAY_VERSION}; record it again.`,
    );
  }
  const result = replaySchema['~standard'].validate(value);
  assert(!(result instanceof Promise), 'the replay schema is synchronous');
  if (result.issues) {
    throw new SynodError(
      'REPLAY_INVALID',
      `The replay file is not valid: ${describeIssues(result.issues)}. Record it again.`,
    );
  }
  // The trace as it was read, and not as the schema gives it back: that changes the order of fields.
  const { schedule, trace } = value as ReplayFile;
  return { ...result.value, schedule: parseSchedule(schedule), trace } as unknown as ReplayFile;
}
