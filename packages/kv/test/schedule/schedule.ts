import { type RaftEmitted, type RaftMessage, raft, raftProperties, type StateMachine } from '@synod/machines/raft';
import { type Address, address, encodeTrace, nextRandom, seedFrom, type TraceRecord } from '@synod/protocol';
import {
  type Actor,
  createMemoryNetwork,
  createMemoryStorage,
  createSystem,
  createVirtualClock,
  type System,
} from '@synod/runtime';
import * as v from 'valibot';
import { Client } from './client.ts';

/** A state machine on which a command that is applied twice, or lost, shows: it writes down each. */
const journal: StateMachine<readonly string[], string, number> = {
  initial: [],
  apply: (entries, entry) => [[...entries, entry], entries.length],
  command: v.string(),
  bytes: (entry) => entry.length,
};

const protocol = raft(journal);
type Server = Actor<(typeof protocol)['machine']>;

/** How rough a run is. Shares are of all messages; times in milliseconds of virtual time. */
interface Faults {
  readonly drop: number;
  readonly duplicate: number;
  readonly maxDelayMs: number;
  readonly crashEveryMs: number;
  readonly downMs: number;
  readonly partitionEveryMs: number;
}

const ROUGH: Faults = {
  drop: 0.08,
  duplicate: 0.05,
  maxDelayMs: 40,
  crashEveryMs: 700,
  downMs: 400,
  partitionEveryMs: 900,
};

export interface RunOptions {
  readonly seed: number;
  readonly nodes?: number;
  readonly faults?: Faults;
  readonly faultyMs?: number;
  /** Keeps the trace as text. */
  readonly keepTrace?: boolean;
}

export interface RunResult {
  readonly violations: readonly string[];
  readonly acknowledged: readonly string[];
  readonly journals: readonly (readonly string[])[];
  /** Whether the clients were done within the bound after the network healed. */
  readonly finished: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
}

/**
 * One run of a cluster under a schedule drawn from a seed: first with faults, then healed. Real systems of the runtime, on
 * virtual time, a network that drops, delays, duplicates and reorders, and storages that lose what is not yet durable.
 */
export async function runSchedule(options: RunOptions): Promise<RunResult> {
  return new Run(options).result();
}

const HEALED_MS = 10_000;
const COMMANDS = 12;

class Run {
  readonly #options: Required<RunOptions>;
  readonly #clock = createVirtualClock();
  readonly #names: readonly string[];
  readonly #storages = new Map<string, ReturnType<typeof createMemoryStorage>>();
  readonly #systems = new Map<string, System>();
  readonly #servers = new Map<string, Server>();
  readonly #network;
  readonly #violations = new Set<string>();
  readonly #leaders = new Map<number, string>();
  readonly #applied = new Map<number, string>();
  readonly #counts: Record<string, number> = {
    dropped: 0,
    duplicated: 0,
    delayed: 0,
    crashes: 0,
    partitions: 0,
    leaders: 0,
  };
  readonly #trace: string[] = [];
  #random: number;
  #faulty = true;
  #isolated: ReadonlySet<string> = new Set();
  #dirty = false;

  constructor(options: RunOptions) {
    this.#random = seedFrom(`schedule ${options.seed}`);
    const nodes = options.nodes ?? (this.#chance(0.5) ? 3 : 5);
    this.#options = { faults: ROUGH, faultyMs: 3_000, keepTrace: false, ...options, nodes };
    this.#names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
    this.#network = createMemoryNetwork({ route: ({ from, to }, deliver) => this.#route(from, to, deliver) });
  }

  async result(): Promise<RunResult> {
    for (const name of this.#names) {
      this.#storages.set(name, createMemoryStorage({ commit: (run) => void this.#clock.setTimer(run, this.#upTo(5)) }));
      this.#start(name);
    }
    const clients = ['c1', 'c2'].map((name) => new Client(name, this.#clock, this.#network, this.#names));
    const running = clients.map((client) => client.run(COMMANDS, this.#options.seed));
    this.#plan(this.#options.faults.crashEveryMs, () => this.#crash(this.#pick([...this.#servers.keys()])));
    this.#plan(this.#options.faults.partitionEveryMs, () => this.#partition());
    await this.#clock.advance(this.#options.faultyMs);
    this.#faulty = false;
    this.#isolated = new Set();
    const finished = await this.#until(
      () => clients.every(({ done }) => done) && this.#servers.size === this.#names.length,
    );
    await this.#clock.advance(500);
    for (const client of clients) client.stop();
    await Promise.all([...running, ...[...this.#systems.values()].map((system) => system.kill())]);
    return {
      violations: [...this.#violations],
      acknowledged: clients.flatMap(({ acknowledged }) => acknowledged),
      journals: [...this.#servers.values()].map(
        (server) => server.getSnapshot().context.replicated.state as readonly string[],
      ),
      finished,
      counts: this.#counts,
      trace: this.#trace,
    };
  }

  async #until(condition: () => boolean): Promise<boolean> {
    for (let waited = 0; waited < HEALED_MS && !condition(); waited += 50) await this.#clock.advance(50);
    return condition();
  }

  /** Begins a life of a node. */
  #start(node: string): void {
    const begin = async () => {
      const storage = this.#storages.get(node);
      const transport = this.#network.transport();
      const system = await createSystem({
        node,
        clock: this.#clock,
        transport,
        seed: this.#options.seed,
        ...(storage && { storage }),
      });
      this.#systems.set(node, system);
      system.trace$.subscribe((record) => this.#observe(record));
      const peers = this.#names.filter((name) => name !== node).map((name) => address('raft', name));
      const server = await system.spawn('raft', protocol, { input: { peers } });
      server.emitted$.subscribe((event) => this.#heed(node, event));
      this.#servers.set(node, server);
    };
    begin().catch((error: unknown) => this.#violations.add(`${node} could not start: ${String(error)}`));
  }

  #crash(node: string | undefined): void {
    if (node === undefined || !this.#servers.has(node)) return;
    this.#count('crashes');
    this.#servers.delete(node);
    void this.#systems.get(node)?.kill();
    this.#systems.delete(node);
    this.#storages.get(node)?.crash();
    // Half of them come back within the same election: what a node must not forget shows then.
    const downMs = this.#chance(0.5) ? 15 : this.#options.faults.downMs;
    this.#clock.setTimer(() => this.#start(node), 1 + this.#upTo(downMs));
  }

  /** A vote has just been promised: the worst moment to go down. */
  #crashVoter(node: string): void {
    if (this.#faulty && this.#chance(0.3)) this.#clock.setTimer(() => this.#crash(node), 0);
  }

  #partition(): void {
    this.#counts.partitions = (this.#counts.partitions ?? 0) + 1;
    this.#isolated = new Set(this.#names.filter(() => this.#chance(0.4)));
    this.#clock.setTimer(() => {
      this.#isolated = new Set();
    }, this.#upTo(600));
  }

  #plan(everyMs: number, act: () => void): void {
    this.#clock.setTimer(
      () => {
        if (!this.#faulty) return;
        act();
        this.#plan(everyMs, act);
      },
      everyMs * (0.5 + this.#next()),
    );
  }

  #route(from: Address, to: Address, deliver: () => void): void {
    const { drop, duplicate, maxDelayMs } = this.#options.faults;
    const node = (at: Address) => at.slice(at.indexOf('@') + 1);
    const cut = this.#isolated.has(node(from)) !== this.#isolated.has(node(to));
    if (cut || (this.#faulty && this.#chance(drop))) return void this.#count('dropped');
    const copies = this.#faulty && this.#chance(duplicate) ? 2 : 1;
    if (copies === 2) this.#count('duplicated');
    for (let copy = 0; copy < copies; copy++) {
      // Each copy has a delay of its own, so that messages overtake each other.
      const delay = 1 + (this.#faulty ? this.#upTo(maxDelayMs) : 1);
      if (delay > 5) this.#count('delayed');
      this.#clock.setTimer(deliver, delay);
    }
  }

  /** Before each step the world is at rest: check it if the last step may have changed what the properties speak of. */
  #observe(record: TraceRecord): void {
    if (this.#options.keepTrace) this.#trace.push(encodeTrace(record));
    if (record.type === 'crash' && record.actor) this.#violations.add(`${record.actor} failed: ${record.reason}`);
    if (record.type === 'transition' && Object.keys(record.changed).some((field) => CHECKED.has(field)))
      this.#dirty = true;
    if (record.type === 'send' && isVote(record.message)) this.#crashVoter(record.node);
    if (record.type !== 'receive' || !this.#dirty) return;
    this.#dirty = false;
    const views = [...this.#servers].map(([node, server]) => {
      const { value, context } = server.getSnapshot();
      return { node, actor: address('raft', node), role: 'server', up: true, value, context };
    });
    for (const property of raftProperties) {
      if (property.kind !== 'step' && !property.holds(views))
        this.#violations.add(`${property.name} at ${record.at} ms`);
    }
  }

  /** Over the whole history, lives before a crash included: one leader a term, one entry an index. */
  #heed(node: string, event: RaftEmitted | { readonly type: 'send'; readonly message: RaftMessage }): void {
    if (event.type === 'leaderChanged' && event.leader) {
      const known = this.#leaders.get(event.term);
      if (known === undefined) this.#count('leaders');
      if (known !== undefined && known !== event.leader)
        this.#violations.add(`Election Safety: term ${event.term}: ${known}, ${event.leader}`);
      this.#leaders.set(event.term, event.leader);
    }
    if (event.type !== 'applied') return;
    for (const { index, entry } of event.entries) {
      const text = JSON.stringify(entry);
      const known = this.#applied.get(index);
      if (known !== undefined && known !== text)
        this.#violations.add(`State Machine Safety: ${node} at ${index}: ${known}, ${text}`);
      this.#applied.set(index, text);
    }
  }

  #count(what: string): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
  }

  #next(): number {
    const [value, next] = nextRandom(this.#random);
    this.#random = next;
    return value;
  }

  #chance(share: number): boolean {
    return this.#next() < share;
  }

  #upTo(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#upTo(items.length)];
  }
}

const isVote = (message: object): boolean => 'voteGranted' in message && message.voteGranted === true;

const CHECKED = new Set(['currentTerm', 'log', 'commitIndex', 'lastApplied', 'leader']);
