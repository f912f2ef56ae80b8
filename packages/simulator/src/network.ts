import type { LinkFault } from './faults.ts';
import { Link, type LinkOptions } from './link.ts';
import type { Cuts } from './partition.ts';
import { streamOf } from './random.ts';

export interface NetworkOptions extends LinkOptions {
  /** Links that are unlike the others, by the names of the nodes at their ends. */
  readonly links?: readonly (LinkOptions & { readonly from: string; readonly to: string })[];
}

/** All links between nodes, by index. */
export class Network {
  /** By node, how many messages it has sent. */
  readonly sent: Float64Array;
  readonly #links: readonly Link[];
  readonly #nodes: readonly string[];

  constructor(seed: number, nodes: readonly string[], { links = [], ...all }: NetworkOptions = {}) {
    this.#nodes = nodes;
    this.sent = new Float64Array(nodes.length);
    this.#links = nodes.flatMap((from) =>
      nodes.map((to) => {
        const own = links.find((link) => link.from === from && link.to === to);
        return new Link({ ...all, ...own }, streamOf(seed, 'latency', from, to), streamOf(seed, 'trouble', from, to));
      }),
    );
  }

  link(from: number, to: number): Link {
    return this.#links[from * this.#nodes.length + to] as Link;
  }

  cut(cuts: Cuts): void {
    for (const [from, to] of cuts) this.link(from, to).cuts++;
  }

  mend(cuts: Cuts): void {
    for (const [from, to] of cuts) this.link(from, to).cuts--;
  }

  /** Lays a fault on its links. Returns what takes it off again. */
  disturb(fault: LinkFault, index: (node: string) => number): () => void {
    const froms = fault.from?.map(index);
    const tos = fault.to?.map(index);
    const laid: Link[] = [];
    for (let from = 0; from < this.#nodes.length; from++) {
      if (froms && !froms.includes(from)) continue;
      for (let to = 0; to < this.#nodes.length; to++) {
        if (from === to || (tos && !tos.includes(to))) continue;
        const link = this.link(from, to);
        link.faults.push(fault);
        laid.push(link);
      }
    }
    return () => {
      for (const { faults } of laid) faults.splice(faults.indexOf(fault), 1);
    };
  }
}
