import { AssertionError, type TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { SHIVIZ_PATTERN, select, shiviz } from '../../src/export/index.ts';
import { groupBy, NAMES, traceOfNames, traces } from './traces.ts';

interface Event {
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
  readonly text: string;
}

/** Reads a log as ShiViz does: by the regular expression in its first line. */
function read(records: Iterable<TraceRecord>): readonly Event[] {
  const log = [...shiviz(records)].join('');
  const [pattern, delimiter, ...rest] = log.split('\n');
  expect(pattern).toBe(SHIVIZ_PATTERN);
  expect(delimiter).toBe('');
  const body = rest.join('\n');
  const events = [...body.matchAll(new RegExp(pattern as string, 'gm'))];
  expect(events.map(([text]) => `${text}\n`).join(''), 'nothing is left over').toBe(body);
  return events.map(({ groups = {} }) => ({
    host: groups.host as string,
    clock: JSON.parse(groups.clock as string),
    text: groups.event as string,
  }));
}

const own = ({ host, clock }: Event): number => (Object.hasOwn(clock, host) ? (clock[host] as number) : 0);

/** What ShiViz asks of a log before it draws it (js/model/modelGraph.js). */
function expectSound(events: readonly Event[]): void {
  const hosts = groupBy(events, ({ host }) => host);
  for (const [host, list] of hosts) {
    const times = list.map(own).toSorted((a, b) => a - b);
    expect(times, `the times of ${host} are 1, 2, 3, …`).toEqual(times.map((_, index) => index + 1));
  }
  for (const { clock } of events) {
    for (const [other, time] of Object.entries(clock)) {
      const list = hosts.get(other) ?? [];
      expect(time, `the time of ${other}`).toBeLessThanOrEqual(list.length);
      expect(time).toBeGreaterThanOrEqual(1);
      // Whoever knows of an event knows all that it knew.
      const known = list.find((each) => own(each) === time) as Event;
      for (const [third, before] of Object.entries(known.clock))
        expect(clock[third] ?? 0).toBeGreaterThanOrEqual(before);
    }
  }
}

describe.each(Object.entries({ ...traces, 'hostile names': traceOfNames(NAMES) }))('the log of %s', (_, records) => {
  it("keeps ShiViz's rules of clocks", () => {
    expectSound(read(records));
  });

  it('tells every record, each tick of a clock in one event', () => {
    const events = read(records);
    const ticks = new Set(records.map(({ node, clock }) => `${node} ${clock[node]}`));
    expect(events).toHaveLength(ticks.size);
    expect(events.reduce((sum, { text }) => sum + text.split(' · ').length, 0)).toBe(records.length);
  });

  it('of a part of the trace keeps them too', () => {
    for (const [from, to] of [
      [20, 60],
      [50, 51],
      [3, 1_000],
    ] as const)
      expectSound(read(select(records, { from: { record: from }, to: { record: to } })));
  });
});

describe('the log of a run', () => {
  it('has a message happen before it is taken up, and not after', () => {
    const records = traces.raft ?? [];
    const events = read(records);
    const sends = new Map(records.flatMap((record) => (record.type === 'send' ? [[record.id, record] as const] : [])));
    const knows = new Map(events.map((event) => [`${event.host} ${own(event)}`, event]));
    let count = 0;
    for (const record of records) {
      if (record.type !== 'receive' || record.id === undefined) continue;
      const sent = sends.get(record.id) as TraceRecord;
      // Nothing is missing in a whole trace: ranks are the clocks themselves.
      const [before, after] = [sent, record].map(({ node, clock }) => knows.get(`${node} ${clock[node]}`) as Event);
      expect(after?.clock[sent.node]).toBeGreaterThanOrEqual(before?.clock[sent.node] as number);
      expect(before?.clock[record.node] ?? 0).toBeLessThan(after?.clock[record.node] as number);
      count++;
    }
    expect(count).toBeGreaterThan(100);
  });

  it('of one actor has no host but its node', () => {
    const [first] = traces.raft ?? [];
    const events = read(select(traces.raft ?? [], { nodes: [first?.node ?? ''] }));
    expect(new Set(events.map(({ host }) => host))).toEqual(new Set([first?.node]));
    expectSound(events);
  });

  it('is refused where a clock goes back, with what to do', () => {
    const records = traces.raft ?? [];
    expect(() => [...shiviz([...records, ...records])]).toThrow(
      expect.objectContaining({ code: 'EXPORT_CLOCKS', message: expect.stringContaining('several runs') }),
    );
  });

  it('needs records that can be read twice', () => {
    expect(() => [...shiviz((traces.raft ?? []).values())]).toThrow(AssertionError);
  });
});
