import { publishTrace } from '@synod/inspector/publisher';
import { swim } from '@synod/machines/swim';
import { isSynodError, type NetworkFaults } from '@synod/protocol';
import {
  type ClusterSystem,
  createFaultyTransport,
  createSkewedClock,
  createSystem,
  createWebSocketTransport,
  type FaultyTransport,
  type Skew,
  type SkewedClock,
  systemClock,
} from '@synod/runtime';
import type { Sees } from '../launcher/managed-cluster.ts';
import type { Seed, WorkerConfig } from '../launcher/member-messages.ts';
import { Gate } from './gate.ts';

/** Of a period: a process that holds many members, beside an inspector, answers late now and then. */
const PING_TIMEOUT = 0.45;

/** Periods between two exchanges of all that a member knows. */
const PUSH_PULL = 10;

export interface MemberEvents {
  /** How it sees the others has changed. */
  sees(sees: Sees): void;
  /** It ended without being asked to. */
  ended(error: unknown): void;
}

interface Start {
  readonly node: string;
  readonly seeds: readonly Seed[];
  readonly port: number;
  readonly rate: number;
  readonly faults: NetworkFaults;
}

/** What stands between a member and its network and time. */
interface Between {
  readonly gate: Gate;
  readonly transport: FaultyTransport;
  readonly clock: SkewedClock;
}

/** One member: a system of its own, with its own sockets, behind a gate. */
export class Member {
  readonly url: string;
  readonly #system: ClusterSystem;
  readonly #between: Between;
  readonly #publisher: { stop(): Promise<void> } | undefined;
  #isEnding = false;

  private constructor(system: ClusterSystem, between: Between, url: string, { inspector, cluster }: WorkerConfig) {
    this.#system = system;
    this.#between = between;
    this.url = url;
    const about = { pid: process.pid, cluster };
    this.#publisher = inspector && publishTrace({ ...inspector, node: system.node, about, trace$: system.trace$ });
  }

  /** Starts it, at another port if its last one was taken while it was down. */
  static async start(start: Start, config: WorkerConfig, events: MemberEvents): Promise<Member> {
    const { node, seeds, port, rate, faults } = start;
    const { cluster, host, periodMs } = config;
    const inner = createWebSocketTransport({ cluster, listen: { host, port } });
    const transport = createFaultyTransport(inner);
    transport.setFaults(faults);
    const clock = createSkewedClock();
    clock.skew({ rate });
    const gate = new Gate({ transport, clock });
    const membership = swim({
      seeds,
      periodMs,
      pingTimeoutMs: Math.round(periodMs * PING_TIMEOUT),
      pushPullMs: PUSH_PULL * periodMs,
      // Its disk is memory: what it told in an earlier life must not look forged.
      gossip: { epoch: Date.now() },
    });
    try {
      const outer = { transport: gate.transport, clock: gate.clock, traceClock: systemClock };
      const system = await createSystem({ node, cluster, membership, ...outer });
      const member = new Member(system, { gate, transport, clock }, inner.url, config);
      member.#tell(events);
      return member;
    } catch (error) {
      if (port === 0 || !isSynodError(error, 'PORT_IN_USE')) throw error;
      return Member.start({ ...start, port: 0 }, config, events);
    }
  }

  pause(): void {
    this.#between.gate.pause();
  }

  resume(): void {
    this.#between.gate.resume();
  }

  /** What goes wrong on its links from now on; `text` says in its trace what was done. */
  setFaults(faults: NetworkFaults, text?: string): void {
    this.#between.transport.setFaults(faults);
    if (text !== undefined) this.#system.note(text, 'FAULT');
  }

  skew(skew: Skew, text: string): void {
    this.#between.clock.skew(skew);
    this.#system.note(text, 'FAULT');
  }

  /** Without a goodbye. */
  async kill(): Promise<void> {
    this.#isEnding = true;
    await this.#system.kill();
    await this.#publisher?.stop();
  }

  /** In good order; one that is paused cannot, and is killed. */
  async stop(): Promise<void> {
    if (this.#between.gate.isPaused) return this.kill();
    this.#isEnding = true;
    await this.#system.shutdown();
    await this.#publisher?.stop();
  }

  #tell({ sees, ended }: MemberEvents): void {
    let due = false;
    const tell = () => {
      due = false;
      if (!this.#isEnding) sees(seenBy(this.#system));
    };
    // A message may bring many events: they are told of once.
    this.#system.cluster.events$.subscribe(() => {
      if (!due) setImmediate(tell);
      due = true;
    });
    void this.#system.closed.then((error) => {
      if (!this.#isEnding) ended(error);
    });
    tell();
  }
}

/** How many others a node sees in each status. */
function seenBy({ node, cluster: { members, gone } }: ClusterSystem): Sees {
  const counts = { alive: 0, suspect: 0, dead: 0, left: 0 };
  for (const member of [...members, ...gone]) if (member.node !== node) counts[member.status]++;
  return counts;
}
