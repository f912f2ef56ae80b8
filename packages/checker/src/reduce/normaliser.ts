import { type CheckConfiguration, SynodError } from '@synod/protocol';
import { fingerprint } from '../search/fingerprint.ts';
import { successor } from '../search/path.ts';
import { Expansion } from '../world/expansion.ts';
import type { Row, World } from '../world/world.ts';
import { Order } from './order.ts';
import { Stale } from './stale.ts';
import { Symmetry } from './symmetry.ts';

/** Which reductions are used; each where the model declares it. */
export interface Reductions {
  readonly symmetry: boolean;
  readonly stale: boolean;
  readonly ordered: boolean;
}

/** One world in so many is compared with its normal form, whether the same can follow. */
const SAMPLE = 64;

/** Brings worlds into the form that stands for all that count as the same. */
export class Normaliser {
  readonly #world: World;
  readonly #symmetry: Symmetry | undefined;
  readonly #order: Order | undefined;
  readonly #stale: Stale | undefined;
  readonly #expansion: Expansion;
  readonly #given: Row;
  /** Whether worlds were seen that differ from their normal form in what can follow, by `ordered`: what it then shows must be verified. */
  isApproximate = false;

  constructor(world: World, use: Reductions) {
    const { symmetry, stale, ordered } = world.configuration;
    const sets = new Set(symmetry?.sets);
    this.#world = world;
    this.#symmetry = use.symmetry && symmetry ? new Symmetry(world, symmetry.nodes, sets) : undefined;
    this.#order = use.ordered && ordered ? new Order(world, new Set(ordered), sets) : undefined;
    this.#stale = use.stale && stale ? new Stale(world, stale) : undefined;
    this.#expansion = new Expansion(world);
    this.#given = new Int32Array(world.width);
    validate(world.configuration);
  }

  /** Whether there is anything to do. */
  get isNeeded(): boolean {
    return this.#symmetry !== undefined || this.#order !== undefined || this.#stale !== undefined;
  }

  get isOrdered(): boolean {
    return this.#order !== undefined;
  }

  /** Brings `row`, a world that may follow `parent`, into its normal form. */
  normalise(row: Row, parent?: Row): void {
    if (this.#stale && parent) this.#follow(this.#stale, row, parent);
    this.#stale?.prune(row);
    if (!this.#order && !this.#symmetry) return;
    this.#given.set(row);
    this.#rename(row);
    if (parent && (fingerprint(row)[0] & (SAMPLE - 1)) === 0 && row.some((value, slot) => value !== this.#given[slot]))
      this.#compare(this.#given.slice(), row);
  }

  #rename(row: Row): void {
    this.#order?.normalise(row);
    this.#symmetry?.normalise(row);
  }

  #follow(stale: Stale, row: Row, parent: Row): void {
    for (let index = 0; index < this.#world.firstInbox; index++) {
      const [before, after] = [parent[index] as number, row[index] as number];
      if (before !== after) stale.follow(index, before, after);
    }
  }

  /** What follows a world must be, but for the words, what follows its normal form. */
  #compare(given: Row, normal: Row): void {
    const [a, b] = [this.#successors(given), this.#successors(normal)];
    if (a.size === b.size && [...a].every((each) => b.has(each))) return;
    if (!this.#symmetry) {
      this.isApproximate = true;
      return;
    }
    throw new SynodError(
      'MODEL_INVALID',
      'The nodes under "symmetry" are not interchangeable: the same does not follow when two of them change places. Does a machine, an assumption or a bound go by their names or their order? Name such lists in "sets", or leave "symmetry" out.',
    );
  }

  #successors(row: Row): ReadonlySet<string> {
    const found = new Set<string>();
    this.#expansion.each(row, () => {
      if (this.#expansion.outcome?.failure !== undefined) return found.add('failure');
      const next = successor(row, this.#expansion);
      this.#stale?.prune(next);
      this.#rename(next);
      return found.add(fingerprint(next).join());
    });
    return found;
  }
}

function validate({ symmetry, stale, ordered, timerMayFire, faults }: CheckConfiguration): void {
  const refuse = (what: string) => {
    throw new SynodError('MODEL_INVALID', what);
  };
  if (stale && timerMayFire && (faults?.partitions ?? 0) > 0)
    refuse(
      '"stale" cannot stand beside "timerMayFire" and partitions: a message that a partition holds back would no longer be seen; leave it out.',
    );
  if (symmetry && symmetry.nodes.length < 2) refuse('"symmetry" needs two nodes or more.');
  if (ordered?.length === 0) refuse('"ordered" names no field.');
}
