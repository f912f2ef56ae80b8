import type { LinkFault } from './faults.ts';
import { Link, LinkKind, type LinkOptions } from './link.ts';
import type { Cut } from './partition.ts';
import { seedOf } from './random.ts';
import type { Micros } from './time.ts';

export interface NetworkOptions extends LinkOptions {
  /** Links that are unlike the others, by the names of the nodes at their ends. */
  readonly links?: readonly (LinkOptions & { readonly from: string; readonly to: string })[];
}

/** A fault and the nodes, by index, at the ends of the links it lies on; all where there is no set. */
interface Disturbance {
  readonly fault: LinkFault;
  readonly from: ReadonlySet<number> | undefined;
  readonly to: ReadonlySet<number> | undefined;
}

/**
 * All links between nodes, by index. Of ten thousand nodes there could be a hundred million: a link is made when the first message
 * goes over it, and what lies on many links at once, a fault or a partition, is kept once and asked about each message.
 */
export class Network {
  /** By node, how many messages it has sent. */
  readonly sent: Float64Array;
  readonly #seed: number;
  readonly #nodes: readonly string[];
  /** By sender, those made so far by receiver. Where they are few for their indices, V8 keeps such a list as a table. */
  readonly #links: readonly Link[][];
  readonly #usual: LinkKind;
  readonly #unlike: ReadonlyMap<string, LinkKind>;
  #disturbances: readonly Disturbance[] = [];
  #cuts: readonly Cut[] = [];

  constructor(seed: number, nodes: readonly string[], { links = [], ...all }: NetworkOptions = {}) {
    this.#seed = seed;
    this.#nodes = nodes;
    this.sent = new Float64Array(nodes.length);
    this.#links = nodes.map(() => []);
    this.#usual = new LinkKind(all);
    // Of two entries for one link the first counts.
    this.#unlike = new Map(
      [...links].reverse().map(({ from, to, ...own }) => [pairOf(from, to), new LinkKind({ ...all, ...own })]),
    );
  }

  /** Decides the fate of a message between two different nodes. Returns the link, which tells when it arrives; undefined when it is lost. */
  send(from: number, to: number, now: Micros, message: object): Link | undefined {
    const links = this.#links[from] as Link[];
    let link = links[to];
    if (link === undefined) {
      link = this.#make(from, to);
      links[to] = link;
    }
    if (this.#disturbances.length === 0 && this.#cuts.length === 0) {
      return link.send(now, message) ? link : undefined;
    }
    return link.send(now, message, this.#faultsOn(from, to), this.isCut(from, to)) ? link : undefined;
  }

  /** Whether a partition keeps what `from` sends from `to`. */
  isCut(from: number, to: number): boolean {
    if (this.#cuts.length === 0) return false;
    return this.#cuts.some((cut) => cut(from, to));
  }

  /** Brings a partition into force. Returns what mends it. */
  cut(severs: Cut): () => void {
    // One partition may be in force twice, and is then mended twice.
    const cut: Cut = (from, to) => severs(from, to);
    this.#cuts = [...this.#cuts, cut];
    return () => {
      this.#cuts = this.#cuts.filter((each) => each !== cut);
    };
  }

  /** Lays a fault on its links. Returns what takes it off again. */
  disturb(fault: LinkFault, index: (node: string) => number): () => void {
    const indices = (nodes: readonly string[] | undefined) => nodes && new Set(nodes.map(index));
    const laid: Disturbance = { fault, from: indices(fault.from), to: indices(fault.to) };
    this.#disturbances = [...this.#disturbances, laid];
    return () => {
      this.#disturbances = this.#disturbances.filter((each) => each !== laid);
    };
  }

  /** The faults that lie on a link, the one laid first first. */
  #faultsOn(from: number, to: number): readonly LinkFault[] {
    const faults: LinkFault[] = [];
    for (const each of this.#disturbances) {
      if ((each.from?.has(from) ?? true) && (each.to?.has(to) ?? true)) faults.push(each.fault);
    }
    return faults;
  }

  #make(from: number, to: number): Link {
    const [source, target] = [this.#nodes[from] as string, this.#nodes[to] as string];
    const kind = this.#unlike.size > 0 ? this.#unlike.get(pairOf(source, target)) : undefined;
    return new Link(
      kind ?? this.#usual,
      seedOf(this.#seed, 'latency', source, target),
      seedOf(this.#seed, 'trouble', source, target),
    );
  }
}

const pairOf = (from: string, to: string): string => `${from}\n${to}`;
