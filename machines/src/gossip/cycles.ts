import { type Address, type Effect, type Engine, type Message, received, type Step, seedFrom } from '@synod/protocol';
import type { AnyMachineSnapshot, EventObject } from 'xstate';

// The world of the paper's simulations: synchronous cycles. In each, every site's timer ends once, and all that is said because of it is
// heard before the next cycle. The sites are the very machines.

interface Site {
  readonly address: Address;
  snapshot: AnyMachineSnapshot;
  /** The end of its cycle, while it waits for one. */
  timer: EventObject | undefined;
}

interface Flying {
  readonly from: Address;
  readonly to: number;
  readonly message: Message;
}

/** Sites of one role that can all speak to each other. */
export class Cycles<TContext> {
  readonly #sites: readonly Site[];
  readonly #engine: Engine;
  readonly #index: ReadonlyMap<Address, number>;
  #flying: Flying[] = [];
  /** How many messages of each type were sent. */
  readonly sent: Record<string, number> = {};
  /** Told of each event that a machine emits. */
  onEmit: (event: EventObject, site: number) => void = () => {};

  constructor(engine: Engine, addresses: readonly Address[], seed: number, input: object) {
    this.#engine = engine;
    this.#index = new Map(addresses.map((address, index) => [address, index]));
    this.#sites = addresses.map((address) => {
      const first = engine.initial({ self: address, seed: seedFrom(`${seed}/${address}`), peers: addresses, ...input });
      const site: Site = { address, snapshot: first.snapshot as AnyMachineSnapshot, timer: undefined };
      this.#follow(site, first);
      return site;
    });
  }

  /** How many messages were sent. */
  get count(): number {
    return Object.values(this.sent).reduce((sum, number) => sum + number, 0);
  }

  /** What each site knows. */
  *contexts(): Generator<TContext> {
    for (const { snapshot } of this.#sites) yield snapshot.context as TContext;
  }

  take(index: number, event: EventObject): void {
    const site = this.#sites[index] as Site;
    this.#follow(site, this.#engine.step(site.snapshot, event));
  }

  /** All timers that are armed end. */
  tick(): void {
    const due = this.#sites.map(({ timer }) => timer);
    for (const [index, timer] of due.entries()) {
      if (!timer) continue;
      (this.#sites[index] as Site).timer = undefined;
      this.take(index, timer);
    }
  }

  /** What is on its way arrives, and what is said because of that is on its way then. Whether anything was. */
  deliver(): boolean {
    const arriving = this.#flying;
    this.#flying = [];
    for (const { from, to, message } of arriving) this.take(to, received(message, from, 0));
    return arriving.length > 0;
  }

  /** A whole cycle. */
  cycle(): void {
    this.tick();
    while (this.deliver());
  }

  #follow(site: Site, { snapshot, effects }: Step<AnyMachineSnapshot>): void {
    site.snapshot = snapshot;
    for (const effect of effects) this.#do(site, effect);
  }

  #do(site: Site, effect: Effect): void {
    if (effect.kind === 'setTimer') site.timer = effect.event;
    else if (effect.kind === 'cancelTimer') site.timer = undefined;
    else if (effect.kind === 'emit') this.onEmit(effect.event, this.#index.get(site.address) as number);
    else
      for (const to of effect.to) {
        const { type } = effect.message;
        this.sent[type] = (this.sent[type] ?? 0) + 1;
        const index = this.#index.get(to);
        if (index !== undefined) this.#flying.push({ from: site.address, to: index, message: effect.message });
      }
  }
}

/** Sites by number: `rumor@n1` and on. */
export const sitesOf = (actor: string, count: number): readonly Address[] =>
  Array.from({ length: count }, (_, index): Address => `${actor}@n${index + 1}`);
