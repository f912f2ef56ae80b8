import type { NetworkFaults } from '@synod/protocol';
import type { Sees } from './managed-cluster.ts';

// What a launcher and its worker processes, which hold many members each, say to each other over the channel that `fork` opens.

/** What all members of a worker have in common. */
export interface WorkerConfig {
  readonly cluster: string;
  readonly host: string;
  /** Of the protocol, in milliseconds. */
  readonly periodMs: number;
  readonly inspector: { readonly url: string; readonly token: string } | undefined;
}

/** A member that is up, and where it listens. */
export interface Seed {
  readonly node: string;
  readonly url: string;
}

/** What a worker is asked to do. */
export type WorkerAct =
  /** `port`: the one of its last life; 0: chosen by the system. */
  | {
      readonly act: 'start';
      readonly node: string;
      readonly seeds: readonly Seed[];
      readonly port: number;
      /** Of its clock; 1 is true. */
      readonly rate: number;
    }
  | { readonly act: 'stop' | 'kill' | 'pause' | 'resume'; readonly node: string }
  | {
      readonly act: 'skew';
      readonly node: string;
      readonly rate: number;
      readonly jumpMs: number;
      readonly text: string;
    }
  /** What lies on the network from now on. `text`: what was done, for the trace; none where it was done before the process began. */
  | { readonly act: 'network'; readonly faults: NetworkFaults; readonly text?: string };

export type ToWorker =
  | { readonly type: 'begin'; readonly config: WorkerConfig }
  | { readonly type: 'ask'; readonly id: number; readonly ask: WorkerAct }
  | { readonly type: 'stop' };

export type FromWorker =
  /** `url`: where a member that was started listens. */
  | { readonly type: 'done'; readonly id: number; readonly url: string | null }
  | { readonly type: 'refused'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly type: 'sees'; readonly node: string; readonly sees: Sees }
  /** A member ended without being asked to. */
  | { readonly type: 'ended'; readonly node: string; readonly why: string };
