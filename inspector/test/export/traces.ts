import {
  type Chart,
  chartOf,
  encodeTrace,
  type Specification,
  type TraceEvent,
  type TraceRecord,
} from '@synod/protocol';
import { specification as raft } from '../../../machines/src/raft/index.ts';
import { specification as swim } from '../../../machines/src/swim/index.ts';
import { specification as commit } from '../../../machines/src/three-phase-commit/index.ts';
import { simulate } from '../../../packages/simulator/src/index.ts';
import { hostile, nested, parallel, raftLike, ring, single } from '../support/machines.ts';

/** A run under every fault, as a file has it. */
export const run = (specification: Specification, seconds: number): readonly TraceRecord[] => {
  const { trace = [] } = simulate(specification, { seed: 7, seconds, faults: ['all:high'], trace: true });
  return trace.map((record) => JSON.parse(encodeTrace(record)) as TraceRecord);
};

export const traces: Readonly<Record<string, readonly TraceRecord[]>> = {
  raft: run(raft as Specification, 5),
  'three-phase-commit': run(commit as Specification, 3),
  swim: run(swim as Specification, 3),
};

/** Names that are syntax in one format or another. */
export const NAMES = [
  '"quoted" \'both\'',
  'two\nlines\r\n\u2028three',
  'a --> b',
  ']]> --> <!-- --',
  '<script>alert(1)</script>',
  '<br/>',
  '&amp; &lt; #35; #quot;',
  '%% comment',
  'a: b; c',
  '{curly} [square] (round)',
  '**bold** _slanted_ `code` ~~gone~~',
  'ünïcödé 漢字',
  '😀👩‍👩‍👧',
  'end',
  'note right of x',
  '\\ back\\slash $x^2$',
  '\u0000\u0007 control \ud800 alone',
  '  ',
  'a.b',
  'a_b',
  'constructor',
  '__proto__',
] as const;

const leaf = { kind: 'atomic', tags: [], transitions: [], states: [] } as const;

/** A chart of hostile names throughout. */
export function chartOfNames(names: readonly string[]): Chart {
  const states = names.map((key, index) => ({
    ...leaf,
    id: key,
    key,
    description: key,
    entry: [key],
    exit: [key],
    transitions: [
      {
        ref: `${key}#${key}[0]`,
        kind: 'event' as const,
        event: key,
        guard: key,
        actions: [key],
        targets: [names[(index + 1) % names.length] as string],
        reenter: true,
      },
    ],
  }));
  const [first] = states;
  return {
    id: 'names',
    root: {
      ...leaf,
      id: 'names!',
      key: 'names',
      kind: 'compound',
      initial: first?.id ?? '',
      entry: [],
      exit: [],
      states,
    },
  };
}

/** A trace of hostile names throughout: two nodes send each other messages, lose some, crash. */
export function traceOfNames(names: readonly string[]): readonly TraceRecord[] {
  const chart = chartOfNames(names);
  const counts: Record<string, number> = Object.create(null);
  const clocks: Record<string, Record<string, number>> = Object.create(null);
  const add = (node: string, event: TraceEvent, ticks = true): TraceRecord => {
    counts[node] = (counts[node] ?? 0) + 1;
    const clock = Object.assign(Object.create(null), clocks[node]) as Record<string, number>;
    if (ticks) clock[node] = (clock[node] ?? 0) + 1;
    clocks[node] = clock;
    return { seq: counts[node], at: counts[node], node, clock, ...event } as TraceRecord;
  };
  return names.flatMap((name, index) => {
    const other = names[(index + 1) % names.length] as string;
    const actor = `${name}@${name}` as const;
    const to = `${other}@${other}` as const;
    const message = { type: name, [name]: name };
    return [
      add(name, {
        type: 'spawn',
        actor,
        protocol: name,
        chart,
        state: { [name]: name },
        context: {},
        recovered: false,
      }),
      add(name, { type: 'send', id: name, from: actor, to, message }),
      add(other, { type: 'receive', actor: to, event: message, id: name, from: actor }),
      add(other, { type: 'transition', actor: to, event: name, state: name, transitions: [], changed: {} }, false),
      add(other, { type: 'drop', reason: 'fault', id: name, from: actor, to, message: name, detail: name }, false),
      add(name, { type: 'emit', actor, event: message }, false),
      add(name, { type: 'note', text: name }, false),
      add(name, { type: 'crash', reason: name }, false),
    ];
  });
}

// What draws nothing that others do not is left out: drawing takes seconds.
const LEFT_OUT = /client|coordinator|commit participant/i;

const roles = [raft, swim, commit].flatMap((each) =>
  Object.entries((each as Specification).roles).map(
    ([role, { machine }]) => [`${each.name} ${role}`, chartOf(machine)] as const,
  ),
);

/** Charts of every kind. */
export const charts: Readonly<Record<string, Chart>> = {
  ...Object.fromEntries(roles.filter(([name]) => !LEFT_OUT.test(name))),
  raftLike: chartOf(raftLike),
  parallel: chartOf(parallel),
  nested: chartOf(nested),
  'hostile events': chartOf(hostile),
  ring: chartOf(ring(8)),
  single: chartOf(single),
  'hostile names': chartOfNames(NAMES),
};

/** How many records of a trace are of a type. */
export const count = (records: readonly TraceRecord[], type: TraceRecord['type']): number =>
  records.filter((record) => record.type === type).length;

/** Node 20 has no `Map.groupBy`. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
