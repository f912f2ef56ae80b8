import type { TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { perfetto } from '../../src/export/index.ts';
import { count, groupBy, NAMES, traceOfNames, traces } from './traces.ts';

interface TraceEvent {
  readonly ph: 'M' | 'X' | 'i' | 's' | 'f';
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const eventsOf = (records: Iterable<TraceRecord>): readonly TraceEvent[] =>
  JSON.parse([...perfetto(records)].join('')).traceEvents;

const end = ({ ts, dur = 0 }: TraceEvent): number => ts + dur;
const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;

/** A thread's slices in the order of importers: by time, longer ones first. */
const sorted = (slices: readonly TraceEvent[]): TraceEvent[] =>
  slices.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));

const all: Readonly<Record<string, readonly TraceRecord[]>> = { ...traces, 'hostile names': traceOfNames(NAMES) };

describe.each(Object.entries(all))('the trace events of %s', (_, records) => {
  const events = eventsOf(records);
  const of = (phase: TraceEvent['ph'], category?: string) =>
    events.filter(({ ph, cat }) => ph === phase && (category === undefined || cat === category));

  it('have a slice for each step, sending and loss, and an instant for each timer', () => {
    expect(of('X', 'step')).toHaveLength(count(records, 'receive'));
    expect(of('X', 'send')).toHaveLength(count(records, 'send'));
    expect(of('X', 'lost')).toHaveLength(count(records, 'drop'));
    const timers = records.filter(({ type }) => type.startsWith('timer.'));
    expect(of('i', 'timer')).toHaveLength(timers.length);
    expect(of('i', 'crash')).toHaveLength(count(records, 'crash'));
    expect(of('X', 'state').length).toBeGreaterThanOrEqual(count(records, 'spawn'));
  });

  it('name every process and thread, each once', () => {
    const names = of('M');
    const processes = names.filter(({ name }) => name === 'process_name').map(({ pid }) => pid);
    const threads = names.filter(({ name }) => name === 'thread_name').map(threadOf);
    expect(processes.toSorted()).toEqual([...new Set(events.map(({ pid }) => pid))].sort());
    const used = events.filter(({ ph }) => ph !== 'M').map(threadOf);
    expect(new Set(threads)).toEqual(new Set(used));
    expect(new Set(threads).size).toBe(threads.length);
    expect(processes.length).toBe(new Set(records.map(({ node }) => node)).size);
  });

  it('nest: no slice of a thread reaches beyond the one that it begins in', () => {
    for (const slices of groupBy(of('X'), threadOf).values()) {
      const open: TraceEvent[] = [];
      for (const slice of sorted(slices)) {
        while (open.length > 0 && end(open.at(-1) as TraceEvent) <= slice.ts) open.pop();
        const around = open.at(-1);
        if (around) expect(end(slice)).toBeLessThanOrEqual(end(around));
        expect(slice.ts).toBeGreaterThanOrEqual(around?.ts ?? Number.NEGATIVE_INFINITY);
        open.push(slice);
      }
      // However an importer orders what begins together: nothing does.
      expect(new Set(slices.map(({ ts }) => ts)).size).toBe(slices.length);
    }
  });

  it('have a flow for each message, which begins and ends in slices of a microsecond', () => {
    const at = new Map(of('X').map((slice) => [`${threadOf(slice)} ${slice.ts}`, slice]));
    const [begins, ends] = [of('s'), of('f')];
    expect(begins).toHaveLength(count(records, 'send'));
    for (const flow of begins) expect(at.get(`${threadOf(flow)} ${flow.ts}`)?.cat).toBe('send');
    for (const flow of ends) {
      expect(['step', 'lost']).toContain(at.get(`${threadOf(flow)} ${flow.ts}`)?.cat);
      expect(flow.bp).toBe('e');
    }
    const ids = new Set(begins.map(({ id }) => id));
    expect(ids.size).toBe(begins.length);
    for (const { id } of ends) expect(ids).toContain(id);
    expect([...ids].every((id) => Number.isSafeInteger(id))).toBe(true);
    const taken = records.filter((record) => 'id' in record && (record.type === 'receive' || record.type === 'drop'));
    expect(ends).toHaveLength(taken.length);
  });

  it('have each flow end after its beginning, as importers want it, where the clocks of both nodes say so', () => {
    const slices = new Map(of('X').map((slice) => [`${threadOf(slice)} ${slice.ts}`, slice]));
    const trueTime = (flow: TraceEvent) => slices.get(`${threadOf(flow)} ${flow.ts}`)?.args?.at as number;
    const begins = new Map(of('s').map((flow) => [flow.id, flow]));
    for (const flow of of('f')) {
      const begin = begins.get(flow.id) as TraceEvent;
      if (trueTime(flow) >= trueTime(begin)) expect(flow.ts).toBeGreaterThan(begin.ts);
    }
  });

  it('stand within microseconds of when they happened, however much happens at once', () => {
    const shifted = of('X', 'step').map(({ ts, args }) => ts - (args?.at as number) * 1_000);
    for (const shift of shifted) {
      expect(shift).toBeGreaterThanOrEqual(-0.5);
      expect(shift).toBeLessThan(2_000);
    }
  });
});

describe('the trace events', () => {
  it('show the states of an actor, inner ones within outer ones, until they are left', () => {
    const records = traces.raft ?? [];
    const { actor } = records.find(
      (record) => record.type === 'transition' && JSON.stringify(record.state).includes('idle'),
    ) as { actor: string };
    const events = eventsOf(records);
    const thread = events.find(({ name, args }) => name === 'thread_name' && args?.name === actor) as TraceEvent;
    const states = events.filter((each) => each.cat === 'state' && threadOf(each) === threadOf(thread));
    const leader = states.find(({ name }) => name === 'leader') as TraceEvent;
    const idle = states.find(({ name, ts }) => name === 'idle' && ts >= leader.ts) as TraceEvent;
    expect(idle.ts).toBeGreaterThan(leader.ts);
    expect(end(idle)).toBeLessThan(end(leader));
    expect(states.map(({ name }) => name)).toContain('follower');
  });

  it('of a trace without records are none', () => {
    expect(eventsOf([])).toEqual([]);
  });
});
