// What the bench and the processes that hold its members say to each other.

export interface Seed {
  readonly node: string;
  readonly url: string;
}

export type ToWorker =
  /** Start these members. Those of the other process are `others`: all of them together are to be seen alive, and later dead. */
  | {
      readonly type: 'start';
      readonly cluster: string;
      readonly nodes: readonly string[];
      readonly others: readonly string[];
      readonly seeds: readonly Seed[];
    }
  /** Tell what the process has used so far. */
  | { readonly type: 'usage' }
  /** End all members. */
  | { readonly type: 'stop' };

export type FromWorker =
  | { readonly type: 'started'; readonly first: Seed }
  /** Each member here holds each of both processes alive. */
  | { readonly type: 'complete' }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** A member has come to hold another dead; `all` when all members of the other process are by now. Milliseconds since the epoch. */
  | { readonly type: 'dead'; readonly by: string; readonly atMs: number; readonly all: boolean }
  | { readonly type: 'failed'; readonly why: string };

export interface Usage {
  /** Of the processor, in milliseconds. */
  readonly cpuMs: number;
  /** On the clock. */
  readonly atMs: number;
  readonly rssMb: number;
  /** The longest time since it was last asked in which the process did nothing else than one thing, or nothing at all, in milliseconds. */
  readonly stallMs: number;
  /** Messages that the members sent to other nodes, and connections that are open. */
  readonly messages: number;
  readonly connections: number;
}
