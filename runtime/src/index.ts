export type { Actor } from './actor.ts';
export { type Clock, systemClock, type Timer } from './clock.ts';
export type { Cluster, ClusterEvent, JoinOptions, LeaveOptions, MemberEvent } from './cluster/cluster.ts';
export type { ClusterOptions } from './cluster/options.ts';
export type { Registry } from './cluster/registry.ts';
export type { SplitBrainOptions, SplitBrainStrategy } from './cluster/split-brain.ts';
export type { Publication, Topics } from './cluster/topics.ts';
export { createSystem } from './create-system.ts';
export { createFaultyTransport, type FaultyTransport, type FaultyTransportOptions } from './faults/faulty-transport.ts';
export { createSkewedClock, type Skew, type SkewedClock } from './faults/skewed-clock.ts';
export type { MailboxOptions, OverflowPolicy } from './mailbox.ts';
export { createLmdbStorage, type LmdbStorage, type LmdbStorageOptions } from './storage/lmdb.ts';
export { createMemoryStorage, type MemoryStorage, type MemoryStorageOptions } from './storage/memory.ts';
export type { Storage } from './storage/storage.ts';
export type { Directive, Supervision } from './supervision.ts';
export type {
  AskOptions,
  ClusterSystem,
  ClusterSystemOptions,
  SpawnOptions,
  System,
  SystemOptions,
  WatchOptions,
} from './system.ts';
export type { BackoffOptions } from './transport/backoff.ts';
export { createMemoryNetwork, type MemoryNetwork, type MemoryNetworkOptions } from './transport/memory.ts';
export type { WebSocketTransportOptions } from './transport/options.ts';
export type { QueueLimits } from './transport/send-queue.ts';
export type { TransportStats } from './transport/stats.ts';
export type { Transport, TransportEvents } from './transport/transport.ts';
export { createWebSocketTransport, type WebSocketTransport } from './transport/websocket.ts';
export { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
export type { Terminated } from './watches.ts';
