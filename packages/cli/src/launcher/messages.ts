import type { NetworkFaults } from '@synod/protocol';

// What a launcher and its node processes say to each other, over the channel that `fork` opens.

/** All a node process needs to know; it travels over the channel, so that no token stands on a command line. */
export interface NodeConfig {
  readonly node: string;
  readonly nodes: readonly string[];
  readonly cluster: string;
  /** Its own directory. */
  readonly directory: string;
  readonly host: string;
  /** Of the HTTP API; 0: chosen by the system. */
  readonly apiPort: number;
  /** Of the transport, the same as in its last life; 0: chosen by the system. */
  readonly transportPort: number;
  /** Where the transports of other nodes listen, as far as they are known. */
  readonly peers: Readonly<Record<string, string>>;
  readonly faults: NodeFaults;
  readonly inspector: { readonly url: string; readonly token: string } | undefined;
  /** Where its trace is kept; none where it is not. */
  readonly traceFile?: string | undefined;
}

/** What lies on the network and on a node's clock. */
export interface NodeFaults {
  readonly network: NetworkFaults;
  /** Of its clock; 1 is true. */
  readonly rate: number;
  /** How far its clock jumps ahead now, in milliseconds. */
  readonly jumpMs: number;
}

export type ToNode =
  | { readonly type: 'start'; readonly config: NodeConfig }
  /** Where the nodes' transports listen, as far as they are known. */
  | { readonly type: 'peers'; readonly urls: Readonly<Record<string, string>> }
  /** What lies there from now on. `text`: what was done, for the trace. */
  | { readonly type: 'faults'; readonly faults: NodeFaults; readonly text: string }
  | { readonly type: 'stop' };

export type FromNode =
  | { readonly type: 'ready'; readonly transportUrl: string; readonly apiUrl: string }
  | { readonly type: 'leader'; readonly leader: string | null; readonly term: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
