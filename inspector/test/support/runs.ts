import type { TraceRecord } from '@synod/protocol';
import { Story } from '../../src/story/story.ts';

// Made-up runs of a cluster: nodes that send, take and lose messages, with the clocks that they would have.

type Act = readonly [kind: 'send' | 'deliver' | 'again' | 'drop' | 'step' | 'restart', node: number, pick: number];

export interface RunOptions {
  readonly nodes: number;
  /** Milliseconds between two acts. Default 1. */
  readonly apart?: (act: number) => number;
}

interface Flight {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly type: string;
  readonly clock: Readonly<Record<string, number>>;
}

const name = (node: number): string => `n${node + 1}`;
const actor = (node: number): string => `x@${name(node)}`;
/** Between the counts of two lives, as a runtime with a disk has it. */
const LIFE = 1e6;

/** The records of a run in which these acts follow each other; those that make no sense are left out. */
export function runOf(acts: readonly Act[], { nodes, apart = () => 1 }: RunOptions): TraceRecord[] {
  const records: TraceRecord[] = [];
  const clocks = Array.from({ length: nodes }, (_, node): Record<string, number> => ({ [name(node)]: 0 }));
  const seqs = Array.from({ length: nodes }, () => 0);
  const flights: Flight[] = [];
  let at = 0;
  const clock = (node: number) => clocks[node] as Record<string, number>;
  const tick = (node: number) => {
    clock(node)[name(node)] = (clock(node)[name(node)] ?? 0) + 1;
  };
  const add = (node: number, event: object): void => {
    seqs[node] = (seqs[node] as number) + 1;
    records.push({ seq: seqs[node], at, node: name(node), clock: { ...clock(node) }, ...event } as TraceRecord);
  };
  for (const [count, [kind, node, pick]] of acts.entries()) {
    at += apart(count);
    const flight = flights[pick % Math.max(1, flights.length)];
    if (kind === 'send') {
      const to = (node + 1 + (pick % Math.max(1, nodes - 1))) % nodes;
      tick(node);
      const sent = {
        id: `m${count}`,
        from: node,
        to,
        type: pick % 3 === 0 ? 'Ping' : 'Data',
        clock: { ...clock(node) },
      };
      flights.push(sent);
      add(node, { type: 'send', id: sent.id, from: actor(node), to: actor(to), message: { type: sent.type } });
    } else if (kind === 'step') {
      tick(node);
      add(node, { type: 'emit', actor: actor(node), event: { type: 'told' } });
    } else if (kind === 'restart') {
      const own = clock(node)[name(node)] ?? 0;
      clocks[node] = { [name(node)]: (Math.floor(own / LIFE) + 1) * LIFE };
      seqs[node] = 0;
      add(node, { type: 'note', text: 'begins anew' });
    } else if (flight) {
      const { id, from, to, type } = flight;
      const way = { id, from: actor(from), to: actor(to), message: type };
      if (kind !== 'again') flights.splice(pick % flights.length, 1);
      if (kind === 'drop') {
        add(to, { type: 'drop', reason: 'fault', ...way });
        continue;
      }
      for (const [node_, count_] of Object.entries(flight.clock))
        clock(to)[node_] = Math.max(clock(to)[node_] ?? 0, count_);
      tick(to);
      add(to, { type: 'deliver', ...way });
    }
  }
  return records;
}

export function storyOf(records: readonly TraceRecord[]): Story {
  const story = new Story();
  story.append(records.map((record) => JSON.stringify(record)));
  return story;
}

/** Of a hundred acts, how many are of each kind or one before it. */
const KINDS = [
  ['send', 46],
  ['deliver', 91],
  ['drop', 94],
  ['again', 96],
] as const;

/** A run that is always the same: `count` acts, mostly messages, now and then one that is lost, comes twice, or a node that begins anew. */
export function longRun(count: number, nodes: number, apart?: RunOptions['apart']): TraceRecord[] {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  const acts = Array.from({ length: count }, (): Act => {
    const roll = random(100);
    // A little fewer are sent than could be taken, so that none waits for long.
    const kind = KINDS.find(([, below]) => roll < below)?.[0] ?? 'step';
    return [kind, random(nodes), kind === 'send' ? random(1_000) : random(3)];
  });
  return runOf(acts, { nodes, ...(apart && { apart }) });
}
