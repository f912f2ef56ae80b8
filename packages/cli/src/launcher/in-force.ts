import type { Faults, Groups, Skew } from '@synod/inspector';
import { describeLinkFault, type LinkFault, layLinkFault, type NetworkFaults } from '@synod/protocol';
import { completeGroups } from './groups.ts';
import { nodeUnknown, notPartitioned } from './refusals.ts';

/** What lies on the network and on the clocks of a cluster, and what its processes are told of it. */
export class InForce {
  readonly #names: readonly string[];
  #groups: Groups = [];
  #links: readonly LinkFault[] = [];
  readonly #rates = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  get network(): NetworkFaults {
    return { groups: this.#groups, links: this.#links };
  }

  get faults(): Omit<Faults, 'paused'> {
    return { ...this.network, rates: Object.fromEntries(this.#rates) };
  }

  /** How fast a node's clock runs. */
  rateOf(node: string): number {
    return this.#rates.get(node) ?? 1;
  }

  /** The place of a node's group while the network is parted. */
  groupOf(node: string): number | undefined {
    const at = this.#groups.findIndex((group) => group.includes(node));
    return at < 0 ? undefined : at;
  }

  // Each of these returns what was done, in words.

  /** @throws SynodError `NODE_UNKNOWN`, `PARTITION_INVALID`. */
  partition(groups: Groups): string {
    this.#groups = completeGroups(groups, this.#names);
    return `partition ${this.#groups.map((group) => group.join(', ')).join(' | ')}`;
  }

  /** @throws SynodError `NOT_PARTITIONED`. */
  heal(): string {
    if (this.#groups.length === 0) throw notPartitioned();
    this.#groups = [];
    return 'heal';
  }

  /** @throws SynodError `NODE_UNKNOWN`. */
  disturb(fault: LinkFault): string {
    for (const node of [...(fault.from ?? []), ...(fault.to ?? [])])
      if (!this.#names.includes(node)) throw nodeUnknown(node, this.#names);
    this.#links = layLinkFault(this.#links, fault);
    return describeLinkFault(fault);
  }

  skew(node: string, { rate, jumpMs }: Skew): string {
    if (rate === 1) this.#rates.delete(node);
    else this.#rates.set(node, rate);
    return `skew ${node} to ${rate} times the true speed${jumpMs > 0 ? `, ${jumpMs} ms ahead` : ''}`;
  }

  /** Ends all of it. Returns the nodes whose clocks were not true, too. */
  clear(): readonly string[] {
    const skewed = [...this.#rates.keys()];
    this.#groups = [];
    this.#links = [];
    this.#rates.clear();
    return skewed;
  }
}
