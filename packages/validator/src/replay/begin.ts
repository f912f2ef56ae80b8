import { type DurableState, describeError, plainJson, type Step, SynodError, type TraceRecord } from '@synod/protocol';
import type { AnyMachineSnapshot } from 'xstate';
import { Mismatch } from '../misfit.ts';
import { brief, difference } from '../same.ts';
import type { OutboxTrack } from './outbox.ts';
import type { Part } from './scene.ts';

type Spawn = Extract<TraceRecord, { type: 'spawn' }>;

/** How a life begins. */
export interface Beginning {
  readonly step: Step<AnyMachineSnapshot>;
  /** What the disk holds; undefined where that is not known. */
  readonly stable: DurableState | undefined;
  /** Whether it began before the trace. */
  readonly isPartial: boolean;
}

/** Begins a life as a record says it began: the machine's start with that input, or the state in which the trace meets it. */
export function begin(record: Spawn, part: Part, outbox: OutboxTrack): Beginning {
  const { actor, chart, input } = record;
  if (!part.chart.is(chart))
    throw new Mismatch(
      'CHART_DIFFERS',
      `${actor} runs another chart of "${part.protocol.name}" than the one it is judged by; load the version that made the trace.`,
      { actor },
    );
  if (!input) return { step: resume(record, part), stable: undefined, isPartial: true };
  const stable = recovery(record, outbox);
  if (record.recovered !== (stable !== undefined))
    throw new Mismatch(
      'RECOVERY_DIFFERS',
      `${actor} is said ${record.recovered ? '' : 'not '}to have recovered, and its input has ${stable ? 'what it recovered' : 'nothing of that'}.`,
      { actor },
    );
  const step = start(record, part, stable ? { ...input, recovered: stable } : input);
  const { value, context } = step.snapshot;
  const state = difference(record.state, value);
  const field = difference(plainJson(record.context, {}), plainJson(context, {}));
  const where = state ? { what: 'its state', ...state } : field && { what: field.path, ...field };
  if (where)
    throw new Mismatch(
      'INITIAL_DIFFERS',
      `${actor} begins with ${where.what} ${brief(where.a, 60)}, where its machine begins with ${brief(where.b, 60)}.`,
      { actor, told: brief(where.a), machine: brief(where.b), allowed: part.chart.allowed(value, []) },
    );
  return { step, stable: stable ?? {}, isPartial: false };
}

/** What it recovered: what its last life is known to have made durable, where the trace has that, else what the record says. */
function recovery({ actor, input }: Spawn, outbox: OutboxTrack): DurableState | undefined {
  const told = input?.recovered as DurableState | undefined;
  let first: ReturnType<typeof difference>;
  const plain = told && plainJson(told, {});
  let known = false;
  for (const state of outbox.survivors()) {
    const isEmpty = Object.keys(state).length === 0;
    const where = difference(plain, isEmpty ? undefined : plainJson(state, {}));
    if (!where) return isEmpty ? undefined : state;
    first ??= where;
    known = true;
  }
  if (!known) return told;
  throw new Mismatch(
    'RECOVERY_DIFFERS',
    `${actor} recovers ${first?.path || 'its durable fields'} as ${brief(first?.a, 60)}, where ${brief(first?.b, 60)} was durable.`,
    { actor, told: brief(first?.a), machine: brief(first?.b) },
  );
}

function start({ actor }: Spawn, { engine }: Part, input: object): Step<AnyMachineSnapshot> {
  try {
    return engine.initial(input);
  } catch (error) {
    throw new Mismatch(
      'MACHINE_THREW',
      `The machine of ${actor} does not start with that input: ${describeError(error)}.`,
      {
        actor,
      },
    );
  }
}

function resume({ actor, state, context }: Spawn, { protocol }: Part): Step<AnyMachineSnapshot> {
  try {
    const snapshot = protocol.machine.resolveState({ value: state, context: context as never }) as AnyMachineSnapshot;
    return { snapshot, effects: [] };
  } catch (cause) {
    throw new SynodError(
      'TRACE_INCOMPLETE',
      `The state in which the trace meets ${actor} cannot be taken up (${describeError(cause)}); record the trace from the actor's start.`,
      { cause },
    );
  }
}
