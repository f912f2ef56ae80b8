import { type ChartState, nextRandom, type RecordedLine } from '@synod/protocol';
import type { MisfitCode } from '../../src/index.ts';

type Line = RecordedLine;
type LineOf<T extends Line['type']> = Extract<Line, { type: T }>;
type Draw = () => number;

/** One way in which a trace can be made to tell what did not happen. */
export interface Alteration {
  readonly name: string;
  /** The codes under which it may be found; which of them depends on what stands around it. */
  readonly codes: readonly MisfitCode[];
  /** The places at which it can be made. */
  sites(lines: readonly Line[]): readonly number[];
  /** The trace with the alteration made at one of them; lines are not changed. */
  make(lines: readonly Line[], at: number, draw: Draw): readonly Line[];
}

/** Records this close to the end of a life may be missing: a trace that ends earlier is a trace. */
const TAIL = 25;

/** Changes the fields of one record. */
function edit<T extends Line['type']>(
  name: string,
  type: T,
  codes: readonly MisfitCode[],
  change: (line: LineOf<T>, draw: Draw) => Partial<LineOf<T>> | undefined,
): Alteration {
  const isSite = (line: Line): line is LineOf<T> =>
    line.type === type && change(line as LineOf<T>, () => 0) !== undefined;
  return {
    name,
    codes,
    sites: (lines) => lines.flatMap((line, at) => (isSite(line) ? [at] : [])),
    make: (lines, at, draw) => lines.with(at, { ...lines[at], ...change(lines[at] as LineOf<T>, draw) } as Line),
  };
}

/** Takes a record away. */
const lose = (
  type: Line['type'],
  codes: readonly MisfitCode[],
  may: (line: Line) => boolean = () => true,
): Alteration => ({
  name: `a ${type} is lost`,
  codes,
  sites: (lines) => {
    const after = new Map<string, number>();
    const sites: number[] = [];
    for (let at = lines.length - 1; at >= 0; at--) {
      const line = lines[at] as Line;
      const rest = after.get(line.node) ?? 0;
      after.set(line.node, line.seq === 1 ? 0 : rest + 1);
      if (line.type === type && rest >= TAIL && may(line)) sites.push(at);
    }
    return sites;
  },
  make: (lines, at) => lines.toSpliced(at, 1),
});

/** Tells of something twice. */
const twice = (type: Line['type'], codes: readonly MisfitCode[]): Alteration => ({
  name: `a ${type} stands there twice`,
  codes,
  sites: (lines) => lines.flatMap((line, at) => (line.type === type ? [at] : [])),
  make: (lines, at) => lines.toSpliced(at, 0, lines[at] as Line),
});

/** Exchanges a record with the next one of its node, where one follows from the other. */
const exchange = (first: Line['type'], second: Line['type'], codes: readonly MisfitCode[]): Alteration => ({
  name: `a ${first} comes after the ${second} that follows from it`,
  codes,
  sites: (lines) =>
    lines.flatMap((line, at) => {
      const next = lines[at + 1];
      return line.type === first && next?.type === second && next.node === line.node ? [at] : [];
    }),
  make: (lines, at) => {
    const [a, b] = [lines[at] as Line, lines[at + 1] as Line];
    // Each keeps the other's time, so that time does not go back.
    return lines.with(at, { ...b, at: a.at }).with(at + 1, { ...a, at: b.at });
  },
});

/** Another value of the same kind. */
function other(value: unknown, draw: Draw): unknown {
  if (typeof value === 'number') return value + 1 + Math.floor(draw() * 3);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return `${value}x`;
  if (value === null) return 'something';
  if (Array.isArray(value)) return value.length > 0 ? [other(value[0], draw), ...value.slice(1)] : ['something'];
  const [field, inner] = Object.entries(value as object)[0] ?? ['something', undefined];
  return { ...(value as object), [field]: inner === undefined ? 1 : other(inner, draw) };
}

const pick = <T>(items: readonly T[], draw: Draw): T => items[Math.floor(draw() * items.length)] as T;

/** An object with one of its fields other than it was; undefined where it has none. */
function otherField(value: object, draw: Draw, but: readonly string[] = []): Record<string, unknown> | undefined {
  const fields = Object.keys(value).filter((field) => !but.includes(field));
  if (fields.length === 0) return undefined;
  const field = pick(fields, draw);
  return { ...value, [field]: other((value as Record<string, unknown>)[field], draw) };
}

const refsOf = (state: ChartState): string[] => [
  ...state.transitions.map(({ ref }) => ref),
  ...state.states.flatMap(refsOf),
];

const isServer = (line: { readonly actor?: string }): boolean => line.actor?.startsWith('raft@') === true;
const STATES = ['follower', 'candidate', { leader: 'idle' }];
const ELSEWHERE = ['raft@n1', 'raft@n2', 'raft@n3'] as const;

/** All alterations, for a trace of Raft; `refs` are the transitions of its chart. */
export const alterations = (refs: readonly string[]): readonly Alteration[] => [
  // Transitions
  edit('a transition is another one', 'transition', ['TRANSITION_NOT_ALLOWED'], (line, draw) => ({
    transitions: [
      ...line.transitions.slice(1),
      pick(
        refs.filter((ref) => ref !== line.transitions[0]),
        draw,
      ),
    ],
  })),
  edit('a step takes one transition less', 'transition', ['TRANSITION_NOT_ALLOWED'], ({ transitions }) =>
    transitions.length > 0 ? { transitions: transitions.slice(1) } : undefined,
  ),
  edit('a step comes to another state', 'transition', ['STATE_DIFFERS'], (line, draw) =>
    isServer(line)
      ? {
          state: pick(
            STATES.filter((state) => JSON.stringify(state) !== JSON.stringify(line.state)),
            draw,
          ) as never,
        }
      : undefined,
  ),
  edit('a field of the context changes to something else', 'transition', ['CONTEXT_DIFFERS'], ({ changed }, draw) => {
    const altered = otherField(changed, draw);
    return altered && { changed: altered };
  }),
  edit('a field of the context does not change', 'transition', ['CONTEXT_DIFFERS'], ({ changed }) => {
    const [field] = Object.entries(changed).find(([, value]) => typeof value === 'number') ?? [];
    return field === undefined
      ? undefined
      : { changed: Object.fromEntries(Object.entries(changed).filter(([key]) => key !== field)) };
  }),
  lose('transition', ['STEP_MISSING', 'TIMER_DIFFERS', 'DURABLE_DIFFERS', 'SEND_DIFFERS', 'EMIT_DIFFERS']),
  exchange('receive', 'transition', ['STEP_UNPROVOKED', 'CLOCK_DIFFERS']),
  // Messages
  edit('a message is sent with another field', 'send', ['SEND_DIFFERS', 'MESSAGE_DIFFERS'], ({ message }, draw) => {
    const altered = otherField(message, draw, ['type']);
    return altered && { message: altered as never };
  }),
  edit('a vote is refused, or granted', 'send', ['SEND_DIFFERS'], ({ message }) =>
    'voteGranted' in message ? { message: { ...message, voteGranted: !message.voteGranted } as never } : undefined,
  ),
  edit('a message is sent to another', 'send', ['SEND_DIFFERS'], (line, draw) => ({
    to: pick(
      ELSEWHERE.filter((to) => to !== line.to),
      draw,
    ),
  })),
  edit('another message is sent', 'send', ['SEND_DIFFERS'], ({ message }) => ({
    message: { ...message, type: `${message.type}Reply` },
  })),
  lose('send', ['CLOCK_DIFFERS', 'SEND_DIFFERS', 'SEND_MISSING', 'MESSAGE_NOT_SENT', 'EMIT_DIFFERS']),
  twice('send', ['CLOCK_DIFFERS']),
  edit(
    'a message arrives in the name of another',
    'deliver',
    ['MESSAGE_DIFFERS', 'MESSAGE_NOT_SENT'],
    (line, draw) => ({
      from: pick(
        ELSEWHERE.filter((from) => from !== line.from),
        draw,
      ),
    }),
  ),
  edit('another message arrives', 'deliver', ['MESSAGE_DIFFERS'], ({ message }) => ({ message: `${message}Reply` })),
  edit(
    'a message arrives that nobody sent',
    'deliver',
    ['MESSAGE_NOT_SENT', 'MESSAGE_DIFFERS', 'CLOCK_DIFFERS'],
    ({ id }) => ({
      id: `${id}999`,
    }),
  ),
  // What is delivered to whoever asked is taken up by no machine: it may as well be on its way.
  lose(
    'deliver',
    ['MESSAGE_NOT_DELIVERED', 'CLOCK_DIFFERS'],
    (line) => line.type === 'deliver' && isServer({ actor: line.to }),
  ),
  twice('deliver', ['MESSAGE_TWICE', 'MESSAGE_ORDER', 'CLOCK_DIFFERS']),
  exchange('deliver', 'receive', ['MESSAGE_NOT_DELIVERED', 'CLOCK_DIFFERS']),
  edit('a message is taken up with another field', 'receive', ['MESSAGE_DIFFERS'], (line, draw) => {
    const altered = line.id === undefined ? undefined : otherField(line.event, draw, ['type', 'from', 'at']);
    return altered && { event: altered as never };
  }),
  edit('a message is taken up in the name of another', 'receive', ['MESSAGE_DIFFERS'], (line) =>
    line.from === undefined ? undefined : { event: { ...line.event, from: 'raft@n9' } as never },
  ),
  lose('receive', ['STEP_UNPROVOKED', 'STEP_MISSING', 'CLOCK_DIFFERS']),
  twice('receive', ['STEP_MISSING', 'CLOCK_DIFFERS', 'MESSAGE_NOT_DELIVERED']),
  // Durable writes
  edit('another field becomes durable', 'durable', ['DURABLE_DIFFERS'], ({ fields }) => ({
    fields: [{ ...fields[0], field: 'commitIndex' }, ...fields.slice(1)] as never,
  })),
  edit('a field less becomes durable', 'durable', ['DURABLE_DIFFERS'], ({ fields }) =>
    fields.length > 1 ? { fields: fields.slice(1) } : undefined,
  ),
  edit('the log is written from elsewhere', 'durable', ['DURABLE_DIFFERS'], ({ fields }) => {
    const at = fields.findIndex(({ from }) => from !== undefined);
    return at < 0
      ? undefined
      : { fields: fields.with(at, { ...fields[at], from: (fields[at]?.from ?? 0) + 1 } as never) };
  }),
  edit('more of the log is written', 'durable', ['DURABLE_DIFFERS'], ({ fields }) => {
    const at = fields.findIndex(({ count }) => count !== undefined);
    return at < 0
      ? undefined
      : { fields: fields.with(at, { ...fields[at], count: (fields[at]?.count ?? 0) + 1 } as never) };
  }),
  lose('durable', ['SENT_BEFORE_DURABLE', 'DURABLE_DIFFERS', 'SEND_DIFFERS', 'EMIT_DIFFERS'], isServer as never),
  twice('durable', ['DURABLE_DIFFERS']),
  exchange('durable', 'send', ['SENT_BEFORE_DURABLE', 'CLOCK_DIFFERS']),
  // Timers
  edit('a timer is set to another time', 'timer.set', ['TIMER_DIFFERS'], ({ delayMs }) => ({ delayMs: delayMs + 1 })),
  edit('another timer is set', 'timer.set', ['TIMER_DIFFERS'], ({ id }) => ({ id: `${id}.else` })),
  edit('another timer ends', 'timer.fired', ['TIMER_NOT_ARMED'], ({ id }) => ({ id: `${id}.else` })),
  lose('timer.set', ['TIMER_DIFFERS'], isServer as never),
  lose('timer.cancelled', ['TIMER_DIFFERS'], isServer as never),
  lose('timer.fired', ['TIMER_NOT_ARMED', 'EVENT_UNEXPLAINED', 'MESSAGE_DIFFERS']),
  // Lives
  edit('a life begins in another state', 'spawn', ['INITIAL_DIFFERS'], (line) =>
    isServer(line) ? { state: 'candidate' } : undefined,
  ),
  edit('a life begins with another context', 'spawn', ['INITIAL_DIFFERS'], ({ context }) => ({
    context: { ...(context as object), leader: 'raft@n4' },
  })),
  edit('a life recovers another term', 'spawn', ['RECOVERY_DIFFERS'], ({ input }) =>
    recovering(input, 'currentTerm', 77),
  ),
  edit('a life recovers another vote', 'spawn', ['RECOVERY_DIFFERS'], ({ input }) =>
    recovering(input, 'votedFor', 'raft@n9'),
  ),
  edit('a life recovers nothing', 'spawn', ['RECOVERY_DIFFERS'], ({ recovered, input, types }) => {
    if (!recovered) return undefined;
    const { recovered: _, ...rest } = input ?? {};
    const kept = types?.filter(([path]) => path[1] !== 'recovered');
    return { recovered: false, input: rest, ...(kept && { types: kept }) } as never;
  }),
  edit('an actor tells its embedder something else', 'emit', ['EMIT_DIFFERS'], ({ event }, draw) => {
    const altered = otherField(event, draw);
    return altered && { event: altered as never };
  }),
  lose('emit', ['EMIT_DIFFERS', 'SEND_DIFFERS', 'SEND_MISSING', 'SENT_BEFORE_DURABLE'], isServer as never),
];

function recovering(
  input: LineOf<'spawn'>['input'],
  field: string,
  value: unknown,
): Partial<LineOf<'spawn'>> | undefined {
  const recovered = input?.recovered;
  if (!recovered) return undefined;
  return { input: { ...input, recovered: { ...(recovered as object), [field]: value } } };
}

/** All transitions of the charts in a trace. */
export const refsIn = (lines: readonly Line[]): readonly string[] => [
  ...new Set(lines.flatMap((line) => (line.type === 'spawn' ? refsOf(line.chart.root) : []))),
];

/** The records of each node numbered anew: it is not their count that is to tell on an alteration. */
export function renumbered(lines: readonly Line[]): readonly Line[] {
  const seqs = new Map<string, number>();
  const before = new Map<string, number>();
  return lines.map((line) => {
    const isNewLife = line.seq === 1 && (before.get(line.node) ?? 0) > 1;
    const seq = isNewLife ? 1 : (seqs.get(line.node) ?? 0) + 1;
    seqs.set(line.node, seq);
    before.set(line.node, line.seq);
    return seq === line.seq ? line : { ...line, seq };
  });
}

/** Numbers from 0 to 1, the same for the same seed. */
export function drawFrom(seed: number): Draw {
  let state = seed;
  return () => {
    const [value, next] = nextRandom(state);
    state = next;
    return value;
  };
}
