import type { Faults, Groups, Skew } from '@synod/inspector';
import type { LinkFault } from '@synod/protocol';

/** How many members a node sees in each status, itself left out. */
export type Sees = Readonly<Record<'alive' | 'suspect' | 'dead' | 'left', number>>;

/** What is known of one node. */
export interface NodeInfo {
  readonly node: string;
  readonly up: boolean;
  readonly paused: boolean;
  /** Its group while the network is parted, counted from 0. */
  readonly group: number | null;
  readonly pid: number | null;
  readonly api: string | null;
  readonly ended: string | null;
  /** Of a cluster with membership: how it sees the others. */
  readonly sees: Sees | null;
}

/** What a launcher starts, and what it lets other terminals and the inspector do to it. */
export interface ManagedCluster {
  readonly names: readonly string[];
  readonly info: NodeInfo[];
  /** The HTTP API of each node that has one and has served. */
  readonly apis: Readonly<Record<string, string>>;
  /** What is done to the nodes at present. */
  readonly faults: Faults;
  /** Starts the nodes. Rejects when it is no use to go on. */
  start(): Promise<void>;
  /** @throws SynodError `NODE_UNKNOWN`, `NODE_DOWN`. */
  kill(node: string): Promise<void>;
  /** Starts a node that is down; one that is up is stopped in good order first. @throws SynodError `NODE_UNKNOWN`, `CLUSTER_STOPPING`. */
  restart(node: string): Promise<void>;
  /** Holds a node: it neither takes nor says anything. @throws SynodError `NODE_UNKNOWN`, `NODE_DOWN`, `NODE_PAUSED`. */
  pause(node: string): Promise<void>;
  /** Lets a node go on. @throws SynodError `NODE_UNKNOWN`, `NODE_DOWN`, `NODE_RUNNING`. */
  resume(node: string): Promise<void>;
  /** Parts the network. @throws SynodError `NODE_UNKNOWN`, `PARTITION_INVALID`. */
  partition(groups: Groups): Promise<void>;
  /** Lets all reach each other again. @throws SynodError `NOT_PARTITIONED`. */
  heal(): Promise<void>;
  /** Lays a fault on links. @throws SynodError `NODE_UNKNOWN`. */
  disturb(fault: LinkFault): Promise<void>;
  /** Makes a node's clock run fast, slow or ahead. @throws SynodError `NODE_UNKNOWN`, `NODE_DOWN`. */
  skew(node: string, skew: Skew): Promise<void>;
  /** Ends all that lies on the network and on clocks. */
  clear(): Promise<void>;
  /** Ends all nodes in good order; none starts any more. */
  stop(): Promise<void>;
  /** Ends all processes at once. */
  killAll(): void;
}

/** What a launcher gives a cluster that it makes. */
export interface ClusterContext {
  readonly nodes: number;
  readonly cluster: string;
  readonly directory: string;
  readonly host: string;
  /** The first port after the inspector's; 0: all chosen by the system. */
  readonly firstPort: number;
  readonly inspector: { readonly url: string; readonly token: string } | undefined;
  /** The directory in which each node keeps its trace, where traces are wanted and can be had. */
  readonly traces?: string | undefined;
  /** A line for the person who watches. */
  readonly tell: (text: string) => void;
  /** What is done to the nodes has changed. */
  readonly changed: () => void;
}

/** A kind of cluster that `synod run` starts. */
export interface ClusterKind<T extends ManagedCluster = ManagedCluster> {
  readonly name: 'kv' | 'swim';
  /** Whether its data directory is its own for good, and holds more than how to reach it. */
  readonly isDurable: boolean;
  create(context: ClusterContext): T;
}
