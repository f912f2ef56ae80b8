import { nextRandom, type RandomState } from '@synod/protocol';
import { Expansion } from '../world/expansion.ts';
import type { Row, World } from '../world/world.ts';
import { fingerprint } from './fingerprint.ts';
import { Judgement } from './judgement.ts';
import { type Action, actionOf, type Path, successor } from './path.ts';
import { Visited } from './visited.ts';

export interface WalkOptions {
  /** Draws the steps: the same seed takes the same walks. */
  readonly seed: number;
  /** States on a walk; then the next one begins. */
  readonly maxDepth: number;
}

/**
 * Random walks from the first world, each step drawn from all that may happen, each as likely: for models that are too big to be
 * explored. It finds violations and shows nothing to hold.
 */
export class Walk {
  readonly world: World;
  readonly #judgement: Judgement;
  readonly #visited: Visited;
  readonly #expansion: Expansion;
  readonly #maxDepth: number;
  /** By name of the property: a run that breaks it, or for `sometimes` reaches it; by '' one that fails an assertion. */
  readonly paths = new Map<string, Path>();
  /** Steps taken. */
  states = 1;
  /** States on the longest walk. */
  depth = 1;
  walks = 1;
  #random: RandomState;
  #rows: Row[];
  #actions: Action[] = [];
  #next: { readonly row: Row; readonly action: Action } | undefined;
  #choices = 0;

  constructor(world: World, { seed, maxDepth }: WalkOptions) {
    this.world = world;
    this.#judgement = new Judgement(world);
    this.#visited = new Visited(world.width, false);
    this.#expansion = new Expansion(world);
    this.#maxDepth = maxDepth;
    this.#random = seed;
    this.#rows = [world.initial()];
    this.#see(this.#rows[0] as Row);
  }

  /** Different worlds that the walks came to. */
  get distinct(): number {
    return this.#visited.size;
  }

  get bytes(): number {
    return this.#visited.bytes;
  }

  /** Takes a step; a walk that is at its end begins anew. Never done. */
  advance(): boolean {
    const row = this.#rows.at(-1) as Row;
    this.#next = undefined;
    this.#choices = 0;
    if (this.#rows.length < this.#maxDepth && Judgement.isWithin(this.#judgement.of(row)))
      this.#expansion.each(row, () => this.#consider(row));
    if (this.#next) this.#take(this.#next);
    else this.#begin();
    return true;
  }

  /** Keeps one of all that may happen, each as likely (Vitter's reservoir of one). */
  #consider(row: Row): void {
    this.#choices++;
    const [drawn, random] = nextRandom(this.#random);
    this.#random = random;
    if (drawn * this.#choices < 1)
      this.#next = { row: successor(row, this.#expansion), action: actionOf(this.#expansion) };
  }

  #take({ row, action }: { readonly row: Row; readonly action: Action }): void {
    this.states++;
    this.#rows.push(row);
    this.#actions.push(action);
    this.depth = Math.max(this.depth, this.#rows.length);
    const { outcome } = action;
    for (const property of outcome?.broken ?? []) this.#find(property.name);
    if (outcome?.failure !== undefined) {
      this.#find('');
      this.#begin();
    } else this.#see(row);
  }

  #begin(): void {
    this.walks++;
    this.#rows = [this.#rows[0] as Row];
    this.#actions = [];
  }

  #see(row: Row): void {
    const [low, high] = fingerprint(row);
    if (this.#visited.find(low, high) >= 0) return;
    this.#visited.add(low, high, row);
    const bits = this.#judgement.of(row);
    for (const [index, { kind, name }] of this.#judgement.properties.entries()) {
      const holds = (bits & (1 << index)) !== 0;
      if (kind === 'always' ? !holds : kind === 'sometimes' && holds) this.#find(name);
    }
  }

  #find(property: string): void {
    if (!this.paths.has(property)) this.paths.set(property, { rows: [...this.#rows], actions: [...this.#actions] });
  }
}
