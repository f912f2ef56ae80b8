import { type Address, nextRandom, type Protocol, type Specification, type TraceRecord } from '@synod/protocol';
import {
  createMemoryNetwork,
  createMemoryStorage,
  createSystem,
  createVirtualClock,
  type MemoryStorage,
  type System,
} from '@synod/runtime';

const NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];
const CLIENTS = ['c1', 'c2'];
const servers = NODES.map((node): Address => `raft@${node}`);

/** How long a message takes, and a commit, in milliseconds; of one speed, messages keep their order. */
const LATENCY_MS = 2;
const COMMIT_MS = 1;

/**
 * Five servers of Raft and two clients that work without a pause, on real systems of the runtime: their own storages, a network that goes
 * through the bytes of the wire and loses one message of fifty, and now and then a server that loses its power. Virtual time; the same seed, the
 * same run. `late` receives what one hears who begins to listen in the middle of it.
 */
export async function recordCluster(
  { roles }: Specification,
  {
    seed,
    ms,
    kills,
    late,
  }: { readonly seed: number; readonly ms: number; readonly kills: number; readonly late?: TraceRecord[] },
): Promise<readonly TraceRecord[]> {
  const run = new Run(roles.server as Protocol, roles.client as Protocol, seed);
  await run.start();
  for (let kill = 0; kill < kills; kill++) {
    await run.advance(ms / (2 * kills));
    await run.kill();
    await run.advance(ms / (2 * kills));
    await run.startAgain();
    if (late && kill === 0) run.joinLate(late);
  }
  await run.advance(ms / 4);
  await run.end();
  return run.records;
}

class Run {
  readonly records: TraceRecord[] = [];
  readonly #server: Protocol;
  readonly #client: Protocol;
  readonly #clock = createVirtualClock();
  readonly #storages = new Map<string, MemoryStorage>();
  readonly #systems = new Map<string, System>();
  readonly #network: ReturnType<typeof createMemoryNetwork>;
  #random: number;
  #down: string | undefined;
  #late: TraceRecord[] | undefined;

  constructor(server: Protocol, client: Protocol, seed: number) {
    this.#server = server;
    this.#client = client;
    this.#random = seed;
    this.#network = createMemoryNetwork({
      serialise: true,
      schedule: (deliver) => void this.#clock.setTimer(deliver, LATENCY_MS),
      route: (_, deliver, drop) => (this.#draw() < 0.02 ? drop('by chance') : deliver()),
    });
  }

  async start(): Promise<void> {
    for (const node of NODES) await this.#serve(node);
    this.#systems.get('n1')?.note('all serve', 'SERVING');
    for (const node of CLIENTS) {
      const system = await this.#open(node);
      await system.spawn('client', this.#client, { input: { servers, thinkMs: 20, patienceMs: 80 } });
    }
  }

  advance(ms: number): Promise<void> {
    return this.#clock.advance(ms);
  }

  /** Somebody begins to listen to all who live now. */
  joinLate(late: TraceRecord[]): void {
    this.#late = late;
    for (const system of this.#systems.values()) system.trace$.subscribe((record) => late.push(record));
  }

  async kill(): Promise<void> {
    const node = NODES[Math.floor(this.#draw() * NODES.length)] as string;
    this.#down = node;
    await this.#systems.get(node)?.kill();
    this.#storages.get(node)?.crash();
  }

  async startAgain(): Promise<void> {
    if (this.#down) await this.#serve(this.#down);
    this.#down = undefined;
  }

  async end(): Promise<void> {
    for (const system of this.#systems.values()) await system.kill();
  }

  async #serve(node: string): Promise<void> {
    const system = await this.#open(node);
    const spawned = system.spawn('raft', this.#server, {
      input: { peers: servers.filter((each) => each !== `raft@${node}`) },
    });
    await this.#clock.advance(COMMIT_MS * 2);
    await spawned;
  }

  async #open(node: string): Promise<System> {
    const storage =
      this.#storages.get(node) ?? createMemoryStorage({ commit: (done) => void this.#clock.setTimer(done, COMMIT_MS) });
    this.#storages.set(node, storage);
    const opened = createSystem({ node, storage, clock: this.#clock, transport: this.#network.transport(), seed: 1 });
    await this.#clock.advance(COMMIT_MS * 2);
    const system = await opened;
    system.trace$.subscribe((record) => this.records.push(record));
    const late = this.#late;
    if (late) system.trace$.subscribe((record) => late.push(record));
    this.#systems.set(node, system);
    return system;
  }

  #draw(): number {
    const [value, next] = nextRandom(this.#random);
    this.#random = next;
    return value;
  }
}
