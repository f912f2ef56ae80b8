import { nodeOf } from './names.ts';

/** The columns of a story's records that tell of messages. */
export interface Records {
  readonly first: number;
  readonly length: number;
  /** When, in milliseconds on the axis of all nodes, or in steps. */
  at(index: number): number;
  kind(index: number): string;
  /** Of a send, who sends; of a delivery, who receives. */
  actor(index: number): string;
  /** Of a send, to whom; of a delivery, from whom. */
  other(index: number): string;
  /** Of a send, the index of its first delivery or loss; of those, that of the send; −1 where it is not known. */
  link(index: number): number;
}

/** What went over one link, from one node or actor to another, within a window of time. */
export interface LinkTraffic {
  readonly from: string;
  readonly to: string;
  readonly sent: number;
  readonly delivered: number;
  readonly lost: number;
  /** Deliveries of what had been delivered before. */
  readonly twice: number;
  /** Sent, and at the end of the window neither delivered nor lost. */
  readonly underWay: number;
  /** The median time from send to delivery; undefined where nothing was delivered. */
  readonly latencyMs: number | undefined;
}

export interface Traffic {
  /** By `linkKey`. */
  readonly links: ReadonlyMap<string, LinkTraffic>;
  /** How much time of the window there is, for rates. */
  readonly spanMs: number;
}

export const noTraffic: Traffic = { links: new Map(), spanMs: 1 };

export const linkKey = (from: string, to: string): string => `${from}>${to}`;

/** Records looked at, at most: of a window with more, the newest. */
const MAX_SCANNED = 200_000;
/** Records stand in the order of time but for what came late, by no more than this, in milliseconds. */
const SLACK_MS = 500;

interface Counting {
  readonly from: string;
  readonly to: string;
  sent: number;
  delivered: number;
  lost: number;
  twice: number;
  underWay: number;
  readonly latencies: number[];
}

/** What links lead from and to: nodes, or the actors on them. */
export type Ends = 'node' | 'actor';

/** The traffic in the `windowMs` before the record at index `until`. What one sends to itself is not counted. */
export function trafficOf(records: Records, until: number, windowMs: number, ends: Ends = 'node'): Traffic {
  if (until <= records.first) return noTraffic;
  const end = records.at(until - 1);
  const begin = end - windowMs;
  const links = new Links(ends === 'node' ? nodeOf : (address) => address);
  const oldest = Math.max(records.first, until - MAX_SCANNED);
  let start = end;
  for (let index = until - 1; index >= oldest; index--) {
    const at = records.at(index);
    if (at < begin - SLACK_MS) break;
    if (at < begin) continue;
    start = Math.min(start, at);
    const kind = records.kind(index);
    if (kind === 'send') count(records, index, until, links);
    else if (kind === 'deliver') again(records, index, links);
  }
  const reached = oldest === records.first ? records.at(records.first) : start;
  return {
    links: new Map([...links.all].map(([key, link]) => [key, finished(link)])),
    spanMs: Math.max(1, Math.min(windowMs, end - Math.min(reached, start))),
  };
}

/** A send, and what became of it before the end. */
function count(records: Records, index: number, until: number, links: Links): void {
  const link = links.between(records.actor(index), records.other(index));
  if (!link) return;
  link.sent++;
  const end = records.link(index);
  if (end < 0 || end >= until) link.underWay++;
  else if (records.kind(end) === 'deliver') {
    link.delivered++;
    link.latencies.push(Math.max(0, records.at(end) - records.at(index)));
  } else link.lost++;
}

/** A delivery that is not the first of its message. */
function again(records: Records, index: number, links: Links): void {
  const send = records.link(index);
  if (send < records.first || records.link(send) === index) return;
  const link = links.between(records.other(index), records.actor(index));
  if (link) link.twice++;
}

/** The links that were met, found by the addresses at their ends without making a text for each record. */
class Links {
  readonly all = new Map<string, Counting>();
  readonly #byAddress = new Map<string, Map<string, Counting | undefined>>();
  readonly #endOf: (address: string) => string;

  constructor(endOf: (address: string) => string) {
    this.#endOf = endOf;
  }

  /** The link that a message from one actor to another goes over; undefined where it goes over none. */
  between(sender: string, receiver: string): Counting | undefined {
    let row = this.#byAddress.get(sender);
    if (!row) {
      row = new Map();
      this.#byAddress.set(sender, row);
    }
    if (!row.has(receiver)) row.set(receiver, this.#link(this.#endOf(sender), this.#endOf(receiver)));
    return row.get(receiver);
  }

  #link(from: string, to: string): Counting | undefined {
    if (from === to || from === '' || to === '') return undefined;
    const key = linkKey(from, to);
    const known = this.all.get(key);
    if (known) return known;
    const link = { from, to, sent: 0, delivered: 0, lost: 0, twice: 0, underWay: 0, latencies: [] };
    this.all.set(key, link);
    return link;
  }
}

function finished({ latencies, ...counts }: Counting): LinkTraffic {
  const sorted = Float64Array.from(latencies).sort();
  return { ...counts, latencyMs: sorted[sorted.length >> 1] };
}
