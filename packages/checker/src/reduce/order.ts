import type { Row, World } from '../world/world.ts';
import { Mapped } from './mapped.ts';

/**
 * Brings worlds that differ only by how far the numbers of `ordered` fields have come into one form: the smallest above 0 becomes 1.
 * Numbers that are compared with each other and added to, and nothing else, cannot tell the difference; 0 stands for none.
 */
export class Order {
  readonly #world: World;
  readonly #fields: ReadonlySet<string>;
  readonly #sets: ReadonlySet<string>;
  readonly #mapped = new Map<number, Mapped>();
  readonly #ofStates: (number | undefined)[][];
  readonly #ofInboxes: (number | undefined)[][];
  readonly #from: Row;

  constructor(world: World, fields: ReadonlySet<string>, sets: ReadonlySet<string>) {
    this.#world = world;
    this.#fields = fields;
    this.#sets = sets;
    this.#ofStates = world.actors.map(() => []);
    this.#ofInboxes = world.actors.map(() => []);
    this.#from = new Int32Array(world.width);
  }

  /** What was taken off; 0 when nothing was. */
  normalise(row: Row): number {
    const shift = this.#smallest(row) - 1;
    if (shift <= 0 || shift === Number.POSITIVE_INFINITY) return 0;
    let mapped = this.#mapped.get(shift);
    if (!mapped) {
      mapped = new Mapped(this.#world, { names: new Map(), shift, ordered: this.#fields, sets: this.#sets });
      this.#mapped.set(shift, mapped);
    }
    this.#from.set(row);
    mapped.apply(this.#from, row);
    return shift;
  }

  #smallest(row: Row): number {
    const { actors, inboxes, firstInbox } = this.#world;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, actor] of actors.entries()) {
      const [state, inbox] = [row[index] as number, row[firstInbox + index] as number];
      const [ofStates, ofInboxes] = [this.#ofStates[index] as number[], this.#ofInboxes[index] as number[]];
      ofStates[state] ??= smallest(actor.content(state), this.#fields);
      ofInboxes[inbox] ??= smallest(
        (inboxes[index] as (typeof inboxes)[number]).at(inbox).all.map((event) => actor.event(event).message),
        this.#fields,
      );
      least = Math.min(least, ofStates[state] as number, ofInboxes[inbox] as number);
    }
    return least;
  }
}

/** The smallest number above 0 in these fields, at any depth. */
function smallest(value: unknown, fields: ReadonlySet<string>, field = ''): number {
  if (typeof value === 'number') return value > 0 && fields.has(field) ? value : Number.POSITIVE_INFINITY;
  if (typeof value !== 'object' || value === null) return Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  if (Symbol.iterator in value)
    for (const item of value as Iterable<unknown>) least = Math.min(least, smallest(item, fields, field));
  else for (const [key, item] of Object.entries(value)) least = Math.min(least, smallest(item, fields, key));
  return least;
}
