import type { Address, Chart, TraceEvent, TraceRecord } from '@synod/protocol';
import { traceHeader } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { spaceTime } from '../src/index.ts';

// Traces written by hand: what a host would record, in as few words as a diagram needs.

let seq = 0;

const record = (at: number, node: string, event: TraceEvent): TraceRecord => ({
  seq: ++seq,
  at,
  node,
  clock: {},
  ...event,
});
const on = (actor: Address): string => actor.slice(actor.indexOf('@') + 1);
const chart: Chart = {
  id: 'x',
  root: { id: 'x', key: 'x', kind: 'atomic', tags: [], entry: [], exit: [], transitions: [], states: [] },
};

const spawn = (actor: Address, state: string, at = 0, recovered = false) =>
  record(at, on(actor), { type: 'spawn', actor, protocol: 'x', chart, state, context: {}, recovered });
const sends = (at: number, id: string, from: Address, to: Address, message: { readonly type: string }) =>
  record(at, on(from), { type: 'send', id, from, to, message });
const takes = (at: number, actor: Address, event: { readonly type: string }, id?: string, from?: Address) =>
  record(at, on(actor), { type: 'receive', actor, event, ...(id && { id }), ...(from && { from }) });
const becomes = (at: number, actor: Address, state: string | object, changed = {}) =>
  record(at, on(actor), { type: 'transition', actor, event: '', state: state as string, transitions: [], changed });
const loses = (at: number, id: string, from: Address, to: Address, message: string) =>
  record(at, on(to), { type: 'drop', reason: 'fault', id, from, to, message });

const [tm, a, b]: readonly [Address, Address, Address] = ['coordinator@tm', 'participant@a', 'participant@b'];

const commit: readonly TraceRecord[] = [
  spawn(tm, 'init'),
  spawn(a, 'working'),
  spawn(b, 'working'),
  takes(1, tm, { type: 'client.commit' }),
  becomes(1, tm, 'wait'),
  sends(1, 'tm:1', tm, a, { type: 'Prepare' }),
  sends(1, 'tm:2', tm, b, { type: 'Prepare' }),
  takes(2, a, { type: 'Prepare' }, 'tm:1', tm),
  becomes(2, a, 'prepared', { vote: 'yes', random: 7 }),
  sends(2, 'a:1', a, tm, { type: 'Vote', vote: 'yes' } as { type: string }),
  takes(3, tm, { type: 'Vote', vote: 'yes', from: a, at: 0 } as { type: string }, 'a:1', a),
  becomes(3, tm, 'wait', { votes: { a: 'yes' } }),
  loses(4, 'tm:2', tm, b, 'Prepare'),
  record(5, 'tm', { type: 'timer.set', actor: tm, id: 'xstate.after.voteTimeout.x.wait', delayMs: 100 }),
  record(105, 'tm', { type: 'timer.fired', actor: tm, id: 'xstate.after.voteTimeout.x.wait' }),
  takes(105, tm, { type: 'xstate.after.voteTimeout.x.wait' }),
  becomes(105, tm, { aborting: { telling: {} } }),
  record(105, 'tm', { type: 'durable', actor: tm, fields: [{ field: 'decision' }] }),
  record(105, 'tm', { type: 'emit', actor: tm, event: { type: 'decided', decision: 'abort' } as { type: string } }),
  sends(105, 'tm:3', tm, a, { type: 'Abort' }),
  record(106, 'a', { type: 'crash', reason: 'fault' }),
  loses(107, 'tm:3', tm, a, 'Abort'),
  spawn(a, 'prepared', 120.25, true),
  record(121, 'tm', { type: 'note', code: 'FAULT', text: 'partition: a | tm, b' }),
  record(121, 'b', { type: 'note', code: 'FAULT', text: 'partition: a | tm, b' }),
  sends(122, 'a:2', a, b, { type: 'Ask' }),
  takes(122, b, { type: 'Stop' }),
  record(122, 'b', { type: 'stop', actor: b }),
];

describe('a space-time diagram', () => {
  it('a column for each actor, messages as arrows, states in the columns', () => {
    expect(spaceTime(commit)).toMatchInlineSnapshot(`
      "        coordinator@tm                participant@a                 participant@b
           0  ◆ init                        ◆ working                     ◆ working
           1  ▷ client.commit               │                             │
              ◆ wait                        │                             │
              ○ Prepare → participant@a #1, participant@b #2              │
           2  ├──────── #1 Prepare ────────▶◆ prepared vote=yes           │
           3  │◀───── Vote{vote:yes} ───────┤                             │
              · votes={a:yes}               │                             │
           4  ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ #2 Prepare (fault) ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌✗│
         105  ◷ voteTimeout                 │                             │
              ◆ aborting.telling            │                             │
              » decided{decision:abort}     │                             │
              ○ Abort → participant@a #3    │                             │
         106  │                             ✖ crash: fault                │
         107  ├╌╌╌╌╌ #3 Abort (fault) ╌╌╌╌╌✗╎                             │
      120.25  │                             ↻ starts again: prepared      │
         121  ┄┄┄ partition: a | tm, b ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄
         122  │                             ○ Ask → participant@b         │
              │                             │                             ▷ Stop
              │                             │                             ■ stops"
    `);
  });

  it('in a narrow terminal, or with many actors, the text stands beside the columns', () => {
    expect(spaceTime(commit, { width: 46 })).toMatchInlineSnapshot(`
      "        tm    a     b
           0  ◆     ◆     ◆      init, working
           1  ▷     │     │      tm: client.commit
              ◆     │     │      tm: wait
              ○     │     │      tm: Prepare → a #1…
           2  ├────▶◆     │      #1 Prepare  ◆ prep…
           3  ·◀────┤     │      Vote{vote:yes}  · …
           4  ├╌╌╌╌╌┼╌╌╌╌✗│      #2 Prepare (fault)
         105  ◷     │     │      tm: voteTimeout
              ◆     │     │      tm: aborting.telli…
              »     │     │      tm: decided{decisi…
              ○     │     │      tm: Abort → a #3
         106  │     ✖     │      a: crash: fault
         107  ├╌╌╌╌✗╎     │      #3 Abort (fault)
      120.25  │     ↻     │      a: starts again: p…
         121  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄  partition: a | tm…
         122  │     ○     │      a: Ask → b
              │     │     ▷      b: Stop
              │     │     ■      b: stops"
    `);
  });

  it('what changed, timers and disks on request', () => {
    expect(spaceTime(commit.slice(3, 18), { changes: false, details: true, ignored: [] })).toMatchInlineSnapshot(`
      "     coordinator@tm                participant@a
        1  ▷ client.commit               │
           ◆ wait                        │
           ○ Prepare → participant@a #1, participant@b #2
        2  ├──────── #1 Prepare ────────▶◆ prepared
        3  │◀───── Vote{vote:yes} ───────┤
        4  ✗ #2 Prepare (fault) to participant@b
        5  · sets voteTimeout to 100 ms  │
      105  ◷ voteTimeout                 │
           ◆ aborting.telling            │
           · has on disk: decision       │"
    `);
  });

  it('the last rows of a long one, or those around a moment; who is down there is still down', () => {
    expect(spaceTime(commit, { last: 3 })).toMatchInlineSnapshot(`
      "     coordinator@tm                participant@a                 participant@b
           ⋮ 17 rows before
      122  │                             ○ Ask → participant@b         │
           │                             │                             ▷ Stop
           │                             │                             ■ stops"
    `);
    expect(spaceTime(commit, { around: 106, last: 4 })).toMatchInlineSnapshot(`
      "     coordinator@tm                participant@a                 participant@b
           ⋮ 11 rows before
      105  » decided{decision:abort}     │                             │
           ○ Abort → participant@a #1    │                             │
      106  │                             ✖ crash: fault                │
      107  ├╌╌╌╌╌ #1 Abort (fault) ╌╌╌╌╌✗╎                             │
           ⋮ 5 rows after"
    `);
    expect(spaceTime(commit, { last: 1, around: 107 })).toMatchInlineSnapshot(`
      "     coordinator@tm                participant@a                 participant@b
           ⋮ 14 rows before
      107  ├╌╌╌╌╌╌╌ Abort (fault) ╌╌╌╌╌╌✗╎                             │
           ⋮ 5 rows after"
    `);
  });

  it('a line where a part begins that is repeated for ever', () => {
    expect(
      spaceTime(commit.slice(0, 12), { marks: [{ at: 2, text: 'from here on, for ever' }] }),
    ).toMatchInlineSnapshot(`
      "    coordinator@tm                participant@a                 participant@b
       0  ◆ init                        ◆ working                     ◆ working
       1  ▷ client.commit               │                             │
          ◆ wait                        │                             │
          ○ Prepare → participant@a #1, participant@b                 │
       2  ┄┄┄ from here on, for ever ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄
          ├──────── #1 Prepare ────────▶◆ prepared vote=yes           │
       3  │◀───── Vote{vote:yes} ───────┤                             │
          · votes={a:yes}               │                             │"
    `);
  });

  it('a column for each node', () => {
    const store: Address = 'store@tm';
    const records = [
      ...commit.slice(0, 4),
      sends(2, 'tm:9', tm, store, { type: 'Put' }),
      takes(3, store, { type: 'Put' }, 'tm:9', tm),
    ];
    expect(spaceTime(records, { by: 'node', width: 60 })).toMatchInlineSnapshot(`
      "    tm                a                 b
       0  ◆ init            ◆ working         ◆ working
       1  ▷ client.commit   │                 │
       3  ↺ Put from coordinator@tm           │"
    `);
  });

  it('messages of strangers are marks', () => {
    const client: Address = 'client@c1';
    const records = [
      spawn(a, 'working'),
      takes(1, a, { type: 'Get' }, 'c1:1', client),
      sends(1, 'a:1', a, client, { type: 'Got' }),
      loses(1, 'a:1', a, client, 'Got'),
      record(2, 'a', { type: 'drop', reason: 'invalid-frame' }),
      record(2, 'a', { type: 'deliver', id: 'c1:2', from: client, to: a, message: 'Get' }),
    ];
    expect(spaceTime(records)).toMatchInlineSnapshot(`
      "    participant@a
       0  ◆ working
       1  ▷ Get from client@c1
          ✗ Got (fault) to client@c1
       2  ✗ something (invalid-frame) is lost
          ▷ Get from client@c1"
    `);
  });

  it('so many actors that the last column has the rest', () => {
    const many = Array.from({ length: 26 }, (_, index): Address => `replica@node-${index}`);
    const records = [
      ...many.map((actor) => spawn(actor, 'idle')),
      takes(1, many[1] as Address, { type: 'Ping' }, 'x', many[3]),
      takes(2, many[25] as Address, { type: 'Ping' }, 'y', many[0]),
      takes(3, many[24] as Address, { type: 'Ping' }, 'y', many[25]),
    ];
    const text = spaceTime(records, { width: 80 });
    expect(text).toMatchInlineSnapshot(`
      "    A replica@node-0  B replica@node-1  C replica@node-2  D replica@node-3
          E replica@node-4  F replica@node-5  G replica@node-6  H replica@node-7
          I replica@node-8  J replica@node-9  K replica@node-10  L replica@node-11
          M replica@node-12  N replica@node-13
          A  B  C  D  E  F  G  H  I  J  K  L  M  N  +12
       0  ◆  ◆  ◆  ◆  ◆  ◆  ◆  ◆  ◆  ◆  ◆  ◆  ◆  ◆  ◆   all: idle
       1  │  │◀─┼──┤  │  │  │  │  │  │  │  │  │  │  │   Ping
       2  ├──┼──┼──┼──┼──┼──┼──┼──┼──┼──┼──┼──┼──┼─▶│   Ping (replica@node-25)
       3  │  │  │  │  │  │  │  │  │  │  │  │  │  │  ↺   replica@node-24: Ping from re…"
    `);
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
  });

  it('never wider than told', () => {
    for (const width of [40, 55, 70, 100, 200])
      for (const line of spaceTime(commit, { width, details: true }).split('\n'))
        expect([...line].length).toBeLessThanOrEqual(width);
    expect(() => spaceTime(commit, { width: 39 })).toThrow(expect.objectContaining({ code: 'DIAGRAM_WIDTH' }));
  });

  it('painted, it says the same', () => {
    const tones = new Set<string>();
    const painted = spaceTime(commit, {
      paint: (text, tone) => {
        tones.add(tone);
        return `<${text}>`;
      },
    });
    expect(painted.replaceAll(/[<>]/g, '')).toBe(spaceTime(commit));
    expect([...tones].toSorted()).toEqual(
      ['emit', 'fault', 'line', 'lost', 'message', 'name', 'note', 'request', 'state', 'time', 'timer'].toSorted(),
    );
  });

  it('of nothing', () => {
    expect(spaceTime([])).toBe('(nothing happened)');
    expect(spaceTime([traceHeader()])).toBe('(nothing happened)');
  });
});
