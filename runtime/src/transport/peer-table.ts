import type { Clock } from '../clock.ts';
import type { Peer } from './peer.ts';

/** The other nodes of one transport, up to a number. */
export class PeerTable {
  readonly #peers = new Map<string, Peer>();
  readonly #create: (node: string) => Peer;
  readonly #max: number;
  #onSettled: (() => void) | undefined;

  constructor(create: (node: string) => Peer, max: number) {
    this.#create = create;
    this.#max = max;
  }

  get(node: string): Peer | undefined {
    return this.#peers.get(node);
  }

  all(): Iterable<Peer> {
    return this.#peers.values();
  }

  remember(node: string): Peer {
    const peer = this.#peers.get(node) ?? this.#create(node);
    this.#peers.set(node, peer);
    return peer;
  }

  forget(node: string): void {
    this.#peers.delete(node);
  }

  /** Whether one more may connect; one that is connected no more makes room. */
  hasRoomFor(node: string): boolean {
    if (this.#peers.has(node) || this.#peers.size < this.#max) return true;
    for (const peer of this.#peers.values()) {
      if (!peer.isResting) continue;
      peer.quiesce();
      return this.#peers.delete(peer.node);
    }
    return false;
  }

  /** Resolves when all that can leave has left and is confirmed, or `ms` milliseconds have passed. */
  async settle(clock: Clock, ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const deadline = clock.setTimer(resolve, ms);
      this.#onSettled = () => {
        deadline.cancel();
        resolve();
      };
      for (const peer of this.#peers.values()) peer.pump();
      this.check();
    });
  }

  /** Something may have been confirmed. */
  check(): void {
    if (!this.#onSettled) return;
    for (const peer of this.#peers.values()) if (!peer.settled) return;
    this.#onSettled();
  }
}
