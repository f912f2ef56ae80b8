import { describeIssues, SynodError } from '@synod/protocol';
import * as v from 'valibot';

// A fault schedule is data: written by hand, drawn from a seed by the nemesis, cut down by the shrinker, kept in a replay file.

/** What may go wrong, by name. */
export const FAULT_NAMES = [
  'drop',
  'delay',
  'duplicate',
  'reorder',
  'partition',
  'crash',
  'pause',
  'skew',
  'disk',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** In the place of a node's name: the one that sent most in the half second before, which in many protocols is the leader. */
export const BUSIEST = '*busiest';

const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const chance = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const node = v.pipe(v.string(), v.minLength(1));
const nodes = v.pipe(v.array(node), v.minLength(1));

/** `atMs` is simulated time since the start; the fault is over `forMs` later, or when all faults heal. */
const span = { atMs: milliseconds, forMs: milliseconds };

/** The links on which a fault of the network lies: all but for those that `from` or `to` leave out. */
const links = { from: v.optional(nodes), to: v.optional(nodes) };

const drop = v.strictObject({ kind: v.literal('drop'), ...span, ...links, chance });
const delay = v.strictObject({
  kind: v.literal('delay'),
  ...span,
  ...links,
  /** What is added to a message's latency, drawn uniformly. */
  addMs: v.tuple([milliseconds, milliseconds]),
  /** A slow line: messages queue for it. */
  bytesPerSecond: v.optional(v.pipe(v.number(), v.minValue(1))),
});
const duplicate = v.strictObject({ kind: v.literal('duplicate'), ...span, ...links, chance });
const reorder = v.strictObject({
  kind: v.literal('reorder'),
  ...span,
  ...links,
  chance,
  /** How much later than its turn a message may come, and pass no other on its way there. */
  withinMs: milliseconds,
});

/** Who cannot reach whom. Where both directions are meant, neither reaches the other. */
const shape = v.variant('shape', [
  /** One node alone. */
  v.strictObject({ shape: v.literal('isolate'), node }),
  /** Groups that do not see each other; a node in none of them sees all. */
  v.strictObject({ shape: v.literal('groups'), groups: v.pipe(v.array(nodes), v.minLength(2)) }),
  /** Two groups that see each other only through one node. */
  v.strictObject({ shape: v.literal('bridge'), left: nodes, right: nodes, bridge: node }),
  /** Each node sees its neighbours in this circle, and no others. */
  v.strictObject({ shape: v.literal('ring'), order: nodes }),
  /** What `from` sends never reaches `to`; the other direction works. */
  v.strictObject({ shape: v.literal('oneWay'), from: nodes, to: nodes }),
  /** A majority cannot see the leader, though all but the leader see each other. */
  v.strictObject({ shape: v.literal('majorityWithoutLeader'), leader: node }),
]);

export type PartitionShape = v.InferOutput<typeof shape>;

const partition = v.strictObject({ kind: v.literal('partition'), ...span, between: shape });

const crash = v.strictObject({
  kind: v.literal('crash'),
  ...span,
  nodes,
  /** Whether the last of what the node had sent is lost on its way out, so that it crashes in the middle of a step. */
  cutsSends: v.optional(v.boolean()),
});
const pause = v.strictObject({
  kind: v.literal('pause'),
  ...span,
  nodes,
  /**
   * `stop` (default): the process gets no processor, and all waits. `run`: its timers end as ever, but it is blocked before each message
   * that it sends and after each that comes, until the pause is over: the anomaly of Lifeguard's experiments (§V).
   */
  timers: v.optional(v.picklist(['stop', 'run'])),
});
const skew = v.strictObject({
  kind: v.literal('skew'),
  ...span,
  nodes,
  /** What the clock gains a second, as a fraction; negative where it loses. */
  drift: v.pipe(v.number(), v.minValue(-0.9), v.maxValue(9)),
  /** How far it jumps ahead when the fault begins. */
  jumpMs: v.optional(milliseconds),
});
const disk = v.strictObject({
  kind: v.literal('disk'),
  ...span,
  nodes,
  /**
   * `slow`: a sync takes `slowness` times as long. `full`: a write fails, and the node halts until there is room.
   * `torn`: a crash in the middle of a sync leaves some of it behind, and tears the record it meets.
   */
  mode: v.picklist(['slow', 'full', 'torn']),
  slowness: v.optional(v.pipe(v.number(), v.minValue(1))),
});

const faultSchema = v.variant('kind', [drop, delay, duplicate, reorder, partition, crash, pause, skew, disk]);
const scheduleSchema = v.array(faultSchema);

export type Fault = v.InferOutput<typeof faultSchema>;
export type FaultOf<K extends FaultName> = Extract<Fault, { kind: K }>;
/** A fault that lies on links. */
export type LinkFault = FaultOf<'drop' | 'delay' | 'duplicate' | 'reorder'>;

/** Faults, each with its time. Their order says which of two at one moment comes first. */
export type Schedule = readonly Fault[];

/** All names of nodes in a fault. */
export function nodesOf(fault: Fault): readonly string[] {
  switch (fault.kind) {
    case 'drop':
    case 'delay':
    case 'duplicate':
    case 'reorder':
      return [...(fault.from ?? []), ...(fault.to ?? [])];
    case 'partition':
      return nodesOfShape(fault.between);
    default:
      return fault.nodes;
  }
}

function nodesOfShape(between: PartitionShape): readonly string[] {
  switch (between.shape) {
    case 'isolate':
      return [between.node];
    case 'groups':
      return between.groups.flat();
    case 'bridge':
      return [...between.left, ...between.right, between.bridge];
    case 'ring':
      return between.order;
    case 'oneWay':
      return [...between.from, ...between.to];
    case 'majorityWithoutLeader':
      return [between.leader];
  }
}

/**
 * Checks a schedule that came from outside. With `known`, the nodes of the cluster, it may name no others.
 * @throws SynodError `SCHEDULE_INVALID`, naming the part.
 */
export function parseSchedule(value: unknown, known?: readonly string[]): Schedule {
  const result = v.safeParse(scheduleSchema, value);
  if (!result.success) {
    throw invalid(`${describeIssues(result.issues as never)}. Correct it, or leave the schedule to the nemesis`);
  }
  const names = known && new Set(known);
  for (const [index, fault] of result.output.entries()) {
    if (fault.kind === 'delay' && fault.addMs[0] > fault.addMs[1]) {
      throw invalid(`${index}.addMs: ${fault.addMs.join(' is more than ')}; write the smaller one first`);
    }
    for (const name of names ? nodesOf(fault) : []) {
      if (name === BUSIEST || names?.has(name)) continue;
      throw invalid(
        `${index} (${fault.kind} at ${fault.atMs} ms) names node "${name}", which is not of the cluster; its nodes are ${known?.join(', ')}`,
      );
    }
  }
  return result.output;
}

const invalid = (what: string): SynodError =>
  new SynodError('SCHEDULE_INVALID', `The fault schedule is not valid: ${what}.`);

/** A fault as a line for a person. */
export function describeFault(fault: Fault): string {
  const { kind, atMs: _, forMs, ...rest } = fault;
  const facts = Object.entries(rest).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return `${kind} for ${forMs} ms: ${facts.join(', ')}`;
}
