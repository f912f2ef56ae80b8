import { SynodError } from '@synod/protocol';
import { BUSIEST, FAULT_NAMES, type Fault, type FaultName, type PartitionShape, type Schedule } from './faults.ts';
import { type Stream, streamOf } from './random.ts';

export const INTENSITIES = ['none', 'low', 'medium', 'high'] as const;
/** How often a fault comes: on average every half minute, ten seconds, three seconds. */
export type Intensity = (typeof INTENSITIES)[number];

/** Which faults, and how much of each. */
export type Faults = Readonly<Partial<Record<FaultName, Intensity>>>;

/** Milliseconds between the beginnings of two faults of one kind, on average. */
const GAP_MS: Record<Exclude<Intensity, 'none'>, number> = { low: 30_000, medium: 10_000, high: 3_000 };

/** How long a fault lasts, in milliseconds. */
const LASTS_MS: Record<FaultName, readonly [number, number]> = {
  drop: [500, 5_000],
  delay: [500, 5_000],
  duplicate: [500, 5_000],
  reorder: [500, 5_000],
  partition: [500, 8_000],
  crash: [50, 4_000],
  pause: [50, 3_000],
  skew: [1_000, 10_000],
  disk: [500, 6_000],
};

/**
 * Reads `partition,crash:high` into faults with intensities; medium where none is said. `all` is every fault, `none` is none.
 * @throws SynodError `FAULT_UNKNOWN`.
 */
export function parseFaults(text: string): Faults {
  const faults: Partial<Record<FaultName, Intensity>> = {};
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '' || part === 'none') continue;
    const [name, intensity = 'medium', ...rest] = part.split(':');
    if (!isIntensity(intensity) || rest.length > 0) {
      throw new SynodError('FAULT_UNKNOWN', `"${part}" has no intensity; write NAME or NAME:${INTENSITIES.join('|')}.`);
    }
    for (const fault of name === 'all' ? FAULT_NAMES : [faultName(name ?? '')]) faults[fault] = intensity;
  }
  return faults;
}

/** Faults by name, each of medium intensity; a record with intensities as it is. */
export function toFaults(faults: Faults | readonly string[] | undefined): Faults {
  if (faults === undefined) return parseFaults('all');
  if (Array.isArray(faults)) return parseFaults(faults.join(','));
  for (const [name, intensity] of Object.entries(faults)) {
    faultName(name);
    if (!isIntensity(intensity))
      throw new SynodError('FAULT_UNKNOWN', `"${intensity}" is no intensity; use one of ${INTENSITIES.join(', ')}.`);
  }
  return faults as Faults;
}

const isIntensity = (text: string | undefined): text is Intensity => INTENSITIES.some((each) => each === text);

function faultName(text: string): FaultName {
  const found = FAULT_NAMES.find((name) => name === text);
  if (found) return found;
  throw new SynodError('FAULT_UNKNOWN', `There is no fault "${text}"; name some of ${FAULT_NAMES.join(', ')}, or all.`);
}

/** Who the nemesis has to do with, and for how long. */
export interface NemesisOptions {
  readonly seed: number;
  readonly faults: Faults;
  /** The nodes that may be harmed. */
  readonly nodes: readonly string[];
  /** The time within which faults begin, in milliseconds. */
  readonly forMs: number;
}

/** Draws a schedule. Each kind of fault has a stream of its own: to leave one out does not change the others. */
export function drawSchedule({ seed, faults, nodes, forMs }: NemesisOptions): Schedule {
  if (nodes.length === 0) return [];
  const drawn: Fault[] = [];
  for (const kind of FAULT_NAMES) {
    const intensity = faults[kind] ?? 'none';
    if (intensity === 'none') continue;
    const stream = streamOf(seed, 'nemesis', kind);
    const gap = GAP_MS[intensity];
    for (
      let atMs = round(stream.between(0, gap));
      atMs < forMs;
      atMs = round(atMs + stream.between(gap / 2, (gap * 3) / 2))
    ) {
      // Faults that outlast the safety phase would only be cut off by the healing.
      const lasts = round(Math.min(stream.between(...LASTS_MS[kind]), forMs - atMs));
      drawn.push(draw[kind](stream, nodes, { atMs, forMs: lasts }));
    }
  }
  return drawn.sort((a, b) => a.atMs - b.atMs);
}

const round = (value: number): number => Math.round(value);
const hundredths = (value: number): number => Math.round(value * 100) / 100;

interface Span {
  readonly atMs: number;
  readonly forMs: number;
}

type Draw = (stream: Stream, nodes: readonly string[], span: Span) => Fault;

const draw: Record<FaultName, Draw> = {
  drop: (stream, nodes, span) => ({
    kind: 'drop',
    ...span,
    ...someLinks(stream, nodes),
    chance: stream.pick([0.05, 0.2, 0.5]),
  }),
  delay: (stream, nodes, span) => {
    const most = stream.pick([20, 100, 500]);
    const slow = stream.chance(0.25) ? { bytesPerSecond: stream.pick([2_000, 20_000]) } : {};
    return { kind: 'delay', ...span, ...someLinks(stream, nodes), addMs: [round(most / 10), most], ...slow };
  },
  duplicate: (stream, nodes, span) => ({
    kind: 'duplicate',
    ...span,
    ...someLinks(stream, nodes),
    chance: stream.pick([0.05, 0.3]),
  }),
  reorder: (stream, nodes, span) => ({
    kind: 'reorder',
    ...span,
    ...someLinks(stream, nodes),
    chance: stream.pick([0.1, 0.5]),
    withinMs: stream.pick([10, 100, 500]),
  }),
  partition: (stream, nodes, span) => ({ kind: 'partition', ...span, between: drawShape(stream, nodes) }),
  crash: (stream, nodes, span) => ({
    kind: 'crash',
    ...span,
    nodes: victims(stream, nodes),
    ...(stream.chance(0.3) ? { cutsSends: true } : {}),
  }),
  pause: (stream, nodes, span) => ({ kind: 'pause', ...span, nodes: victims(stream, nodes) }),
  skew: (stream, nodes, span) => ({
    kind: 'skew',
    ...span,
    nodes: victims(stream, nodes),
    drift: hundredths(stream.pick([stream.between(-0.1, 0.1), stream.between(-0.5, 1)])),
    ...(stream.chance(0.3) ? { jumpMs: round(stream.between(10, 1_000)) } : {}),
  }),
  disk: (stream, nodes, span) => {
    const mode = stream.pick(['slow', 'torn', 'full'] as const);
    const slow = mode === 'slow' ? { slowness: stream.pick([10, 50, 200]) } : {};
    return { kind: 'disk', ...span, nodes: mode === 'torn' ? [...nodes] : victims(stream, nodes), mode, ...slow };
  },
};

/** All links, or those from or to some nodes. */
function someLinks(stream: Stream, nodes: readonly string[]): { from?: string[]; to?: string[] } {
  const which = stream.next();
  if (which < 0.5) return {};
  const some = victims(stream, nodes);
  return which < 0.75 ? { from: some } : { to: some };
}

/** Mostly one node, often the busiest; now and then a minority, or all. */
function victims(stream: Stream, nodes: readonly string[]): string[] {
  const which = stream.next();
  const shuffled = stream.shuffle(nodes);
  if (which < 0.5) return shuffled.slice(0, 1);
  if (which < 0.8) return [BUSIEST];
  if (which < 0.95) return shuffled.slice(0, Math.max(1, Math.floor((nodes.length - 1) / 2)));
  return [...nodes];
}

function drawShape(stream: Stream, nodes: readonly string[]): PartitionShape {
  const order = stream.shuffle(nodes);
  const [first = '', ...rest] = order;
  const half = Math.floor(order.length / 2);
  const named = stream.chance(0.5) ? BUSIEST : first;
  const shapes: PartitionShape[] = [{ shape: 'isolate', node: named }];
  if (order.length >= 2) {
    shapes.push({ shape: 'groups', groups: [order.slice(0, half), order.slice(half)] });
    shapes.push({ shape: 'oneWay', from: [named], to: named === BUSIEST ? order : rest });
  }
  if (order.length >= 3) {
    const middle = Math.ceil(rest.length / 2);
    shapes.push({ shape: 'bridge', left: rest.slice(0, middle), right: rest.slice(middle), bridge: first });
    shapes.push({ shape: 'majorityWithoutLeader', leader: BUSIEST });
  }
  if (order.length >= 4) shapes.push({ shape: 'ring', order });
  return stream.pick(shapes);
}
