import { type Address, type MemberChanged, type MemberStatus, nodeOf } from '@synod/protocol';
import type { EventObject } from 'xstate';

/** How the members of one run came to see one of them. Times are simulated milliseconds. */
export interface Sighting {
  /** When somebody first held it in this status. */
  firstMs: number;
  /** When the latest one so far came to that. */
  lastMs: number;
  /** Those who came to it. */
  readonly by: Set<string>;
}

/** Listens to all members of a simulated cluster: hand its `onEmit` to `simulate`. */
export class MemberObserver {
  readonly #sightings = new Map<string, Sighting>();
  readonly #counted: ((observer: string, member: string, status: MemberStatus, atMs: number) => void) | undefined;

  /** `onStatus` is told of each change of a member's status in the eyes of another. */
  constructor(onStatus?: (observer: string, member: string, status: MemberStatus, atMs: number) => void) {
    this.#counted = onStatus;
  }

  readonly onEmit = (observer: Address, event: EventObject, atMs: number): void => {
    if (event.type !== 'memberChanged') return;
    const { member, before } = event as MemberChanged;
    if (member.status === before) return;
    const by = nodeOf(observer);
    this.#counted?.(by, member.node, member.status, atMs);
    // Who learns of a death without the suspicion before has learnt of the suspicion.
    if (member.status === 'suspect' || member.status === 'dead') this.#see(member.node, 'suspect', by, atMs);
    if (member.status !== 'suspect') this.#see(member.node, member.status, by, atMs);
  };

  /** How `node` came to be held in a status; undefined when nobody did. */
  sighting(node: string, status: MemberStatus): Sighting | undefined {
    return this.#sightings.get(`${node} ${status}`);
  }

  #see(node: string, status: MemberStatus, by: string, atMs: number): void {
    const key = `${node} ${status}`;
    const known = this.#sightings.get(key);
    if (!known) this.#sightings.set(key, { firstMs: atMs, lastMs: atMs, by: new Set([by]) });
    else if (!known.by.has(by)) {
      known.by.add(by);
      known.lastMs = atMs;
    }
  }
}
