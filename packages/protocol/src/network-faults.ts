import * as v from 'valibot';

// What a person, a launcher or a test does to a running network. The words are those of a simulator's schedule.

/** Nodes that a fault may name, and characters of a name: what comes from outside is bounded. */
const MAX_NODES = 1_000;
const MAX_NAME = 128;
/** Milliseconds that a fault may hold a message. */
const MAX_MS = 60_000;

const nodes = v.optional(
  v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_NAME))), v.minLength(1), v.maxLength(MAX_NODES), v.readonly()),
);
/** The links on which a fault lies: all but for those that `from` or `to` leave out. */
const links = { from: nodes, to: nodes };
const chance = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_MS));

/** Validates a fault that came from outside: chances 0 to 1, at most 60,000 ms, at most 1,000 nodes. */
export const linkFaultSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('drop'), ...links, chance }),
  v.strictObject({
    kind: v.literal('delay'),
    ...links,
    /** What is added to a message's latency, drawn uniformly. */
    addMs: v.pipe(
      v.tuple([milliseconds, milliseconds]),
      v.check(([least, most]) => least <= most, 'the smaller one comes first'),
      v.readonly(),
    ),
  }),
  v.strictObject({ kind: v.literal('duplicate'), ...links, chance }),
  v.strictObject({
    kind: v.literal('reorder'),
    ...links,
    chance,
    /** How much later than its turn a message may come. */
    withinMs: milliseconds,
  }),
]);

/** What lies on the links from any node in `from` to any in `to`; without a list, all nodes. Several on one link add up. */
export type LinkFault = Readonly<v.InferOutput<typeof linkFaultSchema>>;

/** What is done to a network at present. */
export interface NetworkFaults {
  /** Groups of nodes that cannot reach each other; empty while all can. A node in none of them reaches all. */
  readonly groups: readonly (readonly string[])[];
  readonly links: readonly LinkFault[];
}

export const noNetworkFaults: NetworkFaults = { groups: [], links: [] };

const sameNodes = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && [...a].sort().join() === [...b].sort().join());

const isNothing = (fault: LinkFault): boolean => (fault.kind === 'delay' ? fault.addMs[1] === 0 : fault.chance === 0);

/** The faults once `fault` lies there too, in the place of one of its kind on the same links; one of nothing only takes that away. */
export function layLinkFault(faults: readonly LinkFault[], fault: LinkFault): readonly LinkFault[] {
  const others = faults.filter(
    ({ kind, from, to }) => kind !== fault.kind || !sameNodes(from, fault.from) || !sameNodes(to, fault.to),
  );
  return isNothing(fault) ? others : [...others, fault];
}

/** Whether a fault lies on the link between two nodes. */
export const liesOn = ({ from, to }: LinkFault, source: string, target: string): boolean =>
  (from === undefined || from.includes(source)) && (to === undefined || to.includes(target));

/** Whether a partition stands between two nodes. */
export function isParted(groups: NetworkFaults['groups'], a: string, b: string): boolean {
  const group = groups.find((each) => each.includes(a));
  return group !== undefined && !group.includes(b) && groups.some((each) => each.includes(b));
}

/** A fault as a line for a person: `drop 30 % from n1 to n2`. */
export function describeLinkFault(fault: LinkFault): string {
  const where = `from ${fault.from?.join(', ') ?? 'all'} to ${fault.to?.join(', ') ?? 'all'}`;
  if (fault.kind === 'delay') {
    const [least, most] = fault.addMs;
    return `delay ${least === most ? least : `${least} to ${most}`} ms ${where}`;
  }
  const percent = `${Number((fault.chance * 100).toFixed(2))} %`;
  return `${fault.kind} ${percent}${fault.kind === 'reorder' ? ` within ${fault.withinMs} ms` : ''} ${where}`;
}
