import type { CheckConfiguration, StateProperty } from '@synod/protocol';
import { judge } from '../world/actor.ts';
import type { Row, World } from '../world/world.ts';
import { mixHigh, mixLow } from './fingerprint.ts';
import { Growing } from './growing.ts';
import { Visited } from './visited.ts';

/** The bit that says a world lies within the model's bounds; lower bits are the properties', in their order. */
const WITHIN = 1 << 30;

/**
 * What the properties say of a world, one bit each. They see actors and no network, so worlds with the same actors are judged once.
 */
export class Judgement {
  readonly properties: readonly StateProperty[];
  readonly #world: World;
  readonly #within: CheckConfiguration['within'];
  readonly #known = new Visited(0, false);
  readonly #bits = new Growing();

  constructor(world: World) {
    this.#world = world;
    this.#within = world.configuration.within;
    this.properties = world.configuration.properties.filter((each): each is StateProperty => each.kind !== 'step');
  }

  /** One bit a property: whether it holds in the world of `row`. */
  of(row: Row): number {
    let low = 0;
    let high = 0;
    for (let slot = 0; slot < this.#world.firstInbox; slot++) {
      low = (low + mixLow(slot, row[slot] as number)) | 0;
      high = (high + mixHigh(slot, row[slot] as number)) | 0;
    }
    const known = this.#known.find(low, high);
    if (known >= 0) return this.#bits.at(known);
    this.#known.add(low, high, row);
    const bits = this.#judge(row);
    this.#bits.push(bits);
    return bits;
  }

  static isWithin(bits: number): boolean {
    return (bits & WITHIN) !== 0;
  }

  #judge(row: Row): number {
    const views = this.#world.views(row);
    let bits = 0;
    for (const [index, property] of this.properties.entries())
      if (judge(property.name, () => property.holds(views))) bits |= 1 << index;
    const within = this.#within;
    return !within || judge('within', () => within(views)) ? bits | WITHIN : bits;
  }
}
