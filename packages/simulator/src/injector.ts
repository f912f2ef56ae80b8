import { nodeOf } from '@synod/protocol';
import { BUSIEST, describeFault, type Fault, type Schedule } from './faults.ts';
import type { SimNode } from './node.ts';
import { cutOf } from './partition.ts';
import { Happening } from './queue.ts';
import { type Stream, streamOf } from './random.ts';
import { micros, millis } from './time.ts';
import type { World } from './world.ts';

/** How long before a fault one begins to count who is the busiest, in milliseconds. */
const PROBE_MS = 500;

/** Lets the faults of a schedule come and go. */
export class Injector {
  readonly #world: World;
  readonly #schedule: Schedule;
  readonly #stream: Stream;
  /** By the fault in force, what ends it. */
  readonly #inForce = new Map<number, () => void>();
  /** By fault, what each node had sent when counting began. */
  readonly #probes = new Map<number, Float64Array>();

  constructor(world: World, schedule: Schedule) {
    this.#world = world;
    this.#schedule = schedule;
    this.#stream = streamOf(world.seed, 'crash');
    for (const [index, fault] of schedule.entries()) {
      if (namesBusiest(fault)) {
        world.queue.push(new Happening('probe', micros(Math.max(0, fault.atMs - PROBE_MS)), index));
      }
      world.queue.push(new Happening('faultBegins', micros(fault.atMs), index));
    }
  }

  happen({ kind, target }: Happening): void {
    if (kind === 'probe') this.#probes.set(target, this.#world.network.sent.slice());
    else if (kind === 'faultBegins') this.#begin(target);
    else this.#end(target);
  }

  /** All that is broken is mended: every fault ends, and nothing keeps a node down. */
  heal(): void {
    for (const index of [...this.#inForce.keys()]) this.#end(index);
    // Those that no fault brought down, but a deviation.
    for (const node of this.#world.nodes) node.restart();
  }

  #begin(index: number): void {
    const world = this.#world;
    const fault = this.#schedule[index] as Fault;
    const nodes = this.#nodesOf(index, fault);
    if (nodes && nodes.length === 0) return;
    if (world.recorder) {
      const text = describeFault(fault);
      for (const { name } of nodes ?? world.movable) world.note(name, 'FAULT', text);
    }
    this.#inForce.set(index, this.#apply(index, fault, nodes ?? []));
    world.queue.push(new Happening('faultEnds', world.now + micros(fault.forMs), index));
  }

  #end(index: number): void {
    const end = this.#inForce.get(index);
    if (!end) return;
    this.#inForce.delete(index);
    const fault = this.#schedule[index] as Fault;
    if (this.#world.recorder) {
      for (const { name } of this.#world.movable) this.#world.note(name, 'FAULT_OVER', `${fault.kind} is over`);
    }
    end();
  }

  /** Brings a fault into force. Returns what ends it. */
  #apply(index: number, fault: Fault, nodes: readonly SimNode[]): () => void {
    const { network } = this.#world;
    switch (fault.kind) {
      case 'partition': {
        const movable = this.#world.movable.map((node) => node.index);
        return network.cut(cutOf(fault.between, (name) => this.#index(name, index), movable));
      }
      case 'crash':
        if (fault.cutsSends) for (const node of nodes) this.#cutSends(node);
        for (const node of nodes) node.hold('killed by a fault');
        return () => each(nodes, (node) => node.letGo());
      case 'pause':
        for (const node of nodes) node.pause(fault.timers);
        return () => each(nodes, (node) => this.#world.resume(node, fault.timers));
      case 'skew':
        for (const node of nodes) node.skew(fault.drift, fault.jumpMs ?? 0);
        return () => each(nodes, (node) => node.unskew(fault.drift));
      case 'disk':
        return this.#disk(fault.mode, fault.slowness ?? 10, nodes);
      default:
        return network.disturb(fault, (name) => this.#index(name, index));
    }
  }

  #disk(mode: 'slow' | 'full' | 'torn', slowness: number, nodes: readonly SimNode[]): () => void {
    for (const { disk } of nodes) {
      if (mode === 'slow') disk.slowness *= slowness;
      else disk[mode]++;
    }
    return () => {
      for (const node of nodes) {
        if (mode === 'slow') node.disk.slowness /= slowness;
        else node.disk[mode]--;
        node.restart();
      }
    };
  }

  /** Of what the node sent last and is still on its way, some is lost: it crashed while it was speaking. */
  #cutSends(node: SimNode): void {
    const sent = this.#world.queue.all().filter(({ kind, source }) => kind === 'deliver' && source === node.index);
    for (const happening of sent.slice(this.#stream.integer(0, sent.length))) {
      const { envelope } = happening;
      happening.kind = 'cancelled';
      if (envelope) this.#world.recorder?.drop(millis(this.#world.now), envelope, 'fault');
    }
  }

  /** The nodes a fault of nodes is about, each once; undefined for one that is not about nodes. */
  #nodesOf(index: number, fault: Fault): readonly SimNode[] | undefined {
    if (!('nodes' in fault)) return undefined;
    const indices = [...new Set(fault.nodes.map((name) => this.#index(name, index)))].sort((a, b) => a - b);
    return indices.flatMap((each) => this.#world.nodes[each] ?? []).filter((node) => !node.stable);
  }

  #index(name: string, fault: number): number {
    if (name !== BUSIEST) return this.#world.node(name)?.index ?? -1;
    const before = this.#probes.get(fault);
    const { sent } = this.#world.network;
    let busiest = this.#world.movable[0]?.index ?? -1;
    const count = (node: number) => (sent[node] as number) - (before?.[node] ?? 0);
    for (const { index } of this.#world.movable) if (count(index) > count(busiest)) busiest = index;
    return busiest;
  }
}

function each<T>(items: readonly T[], work: (item: T) => void): void {
  for (const item of items) work(item);
}

const namesBusiest = (fault: Fault): boolean => JSON.stringify(fault).includes(`"${BUSIEST}"`);

/** The nodes of a cluster that faults may touch, by name. */
export const movableNodes = (
  members: readonly { readonly address: `${string}@${string}`; readonly stable?: boolean }[],
) => {
  const stable = new Set(members.filter((member) => member.stable).map(({ address }) => nodeOf(address)));
  return [...new Set(members.map(({ address }) => nodeOf(address)))].filter((name) => !stable.has(name));
};
