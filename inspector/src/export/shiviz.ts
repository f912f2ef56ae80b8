import { SynodError, type VectorTimestamp } from '@synod/protocol';
import { assertRepeatable, type Records } from './records.ts';
import { recordText } from './text.ts';

/** How ShiViz reads each event of the log, as its first line tells. */
export const SHIVIZ_PATTERN = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)';

/**
 * A trace as a log for ShiViz (https://bestchai.bitbucket.io/shiviz): its first line is the regular expression that ShiViz reads it with, its
 * second the empty delimiter of executions, and then each event has two lines, `host {clock}` and the text. An event is what one tick of
 * a node's vector clock covers: a step with what it sets, writes and tells, or the sending of a message. ShiViz wants each host's own time
 * to be 1, 2, 3, …, without gaps, and no host without events; a part of a trace, and a node that came back, have gaps, so that times are
 * counted anew: what happened before what stays the same.
 * @throws SynodError `EXPORT_CLOCKS` where a node's clock goes back.
 */
export function* shiviz(records: Records): Generator<string> {
  assertRepeatable(records);
  const times = new Map<string, Times>();
  for (const { node, clock } of records) {
    const own = times.get(node) ?? new Times(node);
    times.set(node, own);
    own.add(clock[node] ?? 0);
  }
  yield `${SHIVIZ_PATTERN}\n\n`;
  const open = new Map<string, Event>();
  for (const record of records) {
    const before = open.get(record.node);
    if (before && before.clock[record.node] === record.clock[record.node]) {
      before.texts.push(recordText(record));
      continue;
    }
    if (before) yield lines(record.node, before, times);
    open.set(record.node, { clock: record.clock, texts: [recordText(record)] });
  }
  for (const [node, event] of open) yield lines(node, event, times);
}

interface Event {
  readonly clock: VectorTimestamp;
  readonly texts: string[];
}

function lines(node: string, { clock, texts }: Event, times: ReadonlyMap<string, Times>): string {
  const counted = Object.entries(clock).flatMap(([other, time]): [string, number][] => {
    const rank = times.get(other)?.rank(time) ?? 0;
    return rank > 0 ? [[hostName(other), rank]] : [];
  });
  const own: [string, number] = [hostName(node), times.get(node)?.rank(clock[node] ?? 0) ?? 0];
  const text = texts.join(' · ').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return `${hostName(node)} ${JSON.stringify(Object.fromEntries([...counted, own]))}\n${text}\n`;
}

/** ShiViz takes a host for one word. */
const hostName = (node: string): string => node.replace(/[\s%]/gu, encodeURIComponent) || '%00';

/** The own times of a node's events, as runs without gaps: few numbers, however long the trace. */
class Times {
  readonly #node: string;
  readonly #runs: { readonly first: number; last: number; readonly rank: number }[] = [];

  constructor(node: string) {
    this.#node = node;
  }

  add(time: number): void {
    const run = this.#runs.at(-1);
    if (run && time === run.last) return;
    if (run && time < run.last)
      throw new SynodError(
        'EXPORT_CLOCKS',
        `The clock of ${this.#node} goes back from ${run.last} to ${time}: the trace holds several runs; export each alone, by range.`,
      );
    if (run && time === run.last + 1) run.last = time;
    else this.#runs.push({ first: time, last: time, rank: (run ? run.rank + run.last - run.first : 0) + 1 });
  }

  /** The place of the node's last event at `time` or before it, from 1 on; 0 where there is none. */
  rank(time: number): number {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.first ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    const run = this.#runs[low - 1];
    return run ? run.rank + Math.min(time, run.last) - run.first : 0;
  }
}
