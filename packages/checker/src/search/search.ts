import type { StepProperty } from '@synod/protocol';
import { Expansion } from '../world/expansion.ts';
import type { Row, World } from '../world/world.ts';
import { fingerprint, mixHigh, mixLow } from './fingerprint.ts';
import { Growing } from './growing.ts';
import { Judgement } from './judgement.ts';
import { Visited } from './visited.ts';

/** Brings a world into the form that stands for all that count as the same; `parent` is the world before it, where there is one. */
export type Normalise = (row: Row, parent?: Row) => void;

/** Where a property was first seen to be broken, or reached. */
export interface Finding {
  /** The world's number. For a step, the one before it. */
  readonly at: number;
  /** Of a broken step: whether an outcome is the one. */
  readonly step?: { readonly property?: StepProperty; readonly failure?: string };
}

export interface SearchOptions {
  readonly order: 'breadth' | 'depth';
  readonly exact: boolean;
  /** Keep worlds and edges, for properties about whole paths. */
  readonly graph: boolean;
  readonly normalise?: Normalise | undefined;
  readonly maxDepth: number;
  /** The world to begin with; default the one in which every member has just started. */
  readonly first?: Row;
  /** Called for each step of the search, before it is looked at: `at` is the number of the world in which it may happen. */
  readonly watch?: (at: number, step: Expansion) => void;
}

/** A search through all worlds that can be reached, one world a call, so that its caller may stop, tell and go on. */
export class Search {
  readonly world: World;
  /** The world that the search began with. */
  readonly first: Row;
  readonly judgement: Judgement;
  readonly visited: Visited;
  readonly parents = new Growing();
  /** With `graph`, in the order of worlds: what the properties say, where its edges begin, where they lead, as which fair action. */
  readonly marks = new Growing();
  readonly edgeStarts = new Growing();
  readonly edgeTo = new Growing();
  readonly edgeFair = new Growing();
  /** By name of the property: where it broke, or for `sometimes` where it was reached. */
  readonly findings = new Map<string, Finding>();
  #states = 1;
  /** States on the longest of the paths by which worlds were found. */
  depth = 1;
  /** Whether worlds were left unexplored because of `maxDepth`. */
  cutByDepth = false;
  readonly #options: SearchOptions;
  readonly #expansion: Expansion;
  readonly #rows = new Growing();
  readonly #numbers = new Growing();
  /** Depths, and whether a world lies within the model's bounds in the lowest bit. */
  readonly #depths = new Growing();
  /** Where the frontier begins in `#numbers`; breadth-first takes there, depth-first from the end. */
  #head = 0;
  readonly #row: Row;
  readonly #child: Row;
  #current = 0;
  #currentDepth = 1;
  readonly #visit = () => this.#successor();

  constructor(world: World, options: SearchOptions) {
    this.world = world;
    this.#options = options;
    this.judgement = new Judgement(world);
    this.visited = new Visited(world.width, options.exact);
    this.#expansion = new Expansion(world);
    this.#row = new Int32Array(world.width);
    this.first = options.first ?? world.initial();
    this.#child = this.first.slice();
    options.normalise?.(this.#child);
    this.#add(-1, ...fingerprint(this.#child), 1);
  }

  /** Steps taken, those to known worlds included. */
  get states(): number {
    return this.#states + this.#expansion.idle;
  }

  get distinct(): number {
    return this.visited.size;
  }

  get bytes(): number {
    const lists = [
      this.parents,
      this.marks,
      this.edgeStarts,
      this.edgeTo,
      this.edgeFair,
      this.#rows,
      this.#numbers,
      this.#depths,
    ];
    return this.visited.bytes + lists.reduce((sum, list) => sum + list.bytes, 0);
  }

  /** How many worlds wait to be expanded. */
  get waiting(): number {
    return this.#numbers.length - this.#head;
  }

  /** Expands one world; false when none is left. */
  advance(): boolean {
    if (this.waiting === 0) return false;
    const isBreadth = this.#options.order === 'breadth';
    const at = isBreadth ? this.#head++ : this.#numbers.length - 1;
    this.#current = this.#numbers.at(at);
    const depth = this.#depths.at(at);
    this.#currentDepth = depth >> 1;
    this.#rows.copyTo(this.#row, at * this.world.width);
    if (isBreadth) this.#compact();
    else this.#truncate(at);
    if (this.#options.graph) this.edgeStarts.push(this.edgeTo.length);
    if ((depth & 1) === 0) return true;
    if (this.#currentDepth >= this.#options.maxDepth) this.cutByDepth = true;
    else this.#expansion.each(this.#row, this.#visit);
    return true;
  }

  #successor(): void {
    this.#states++;
    this.#options.watch?.(this.#current, this.#expansion);
    const { outcome, count, slots, values } = this.#expansion;
    if (outcome) {
      if (outcome.failure !== undefined)
        return this.#find('', { at: this.#current, step: { failure: outcome.failure } });
      for (const property of outcome.broken) this.#find(property.name, { at: this.#current, step: { property } });
    }
    let low = this.visited.low(this.#current);
    let high = this.visited.high(this.#current);
    let changed = false;
    for (let at = 0; at < count; at++) {
      const slot = slots[at] as number;
      const [before, after] = [this.#row[slot] as number, values[at] as number];
      if (before === after) continue;
      changed = true;
      low = (low + mixLow(slot, after) - mixLow(slot, before)) | 0;
      high = (high + mixHigh(slot, after) - mixHigh(slot, before)) | 0;
    }
    if (!changed) return;
    const { normalise, exact, graph } = this.#options;
    if (normalise) {
      this.#makeChild();
      normalise(this.#child, this.#row);
      [low, high] = fingerprint(this.#child);
    } else if (exact) this.#makeChild();
    let number = this.visited.find(low, high, exact ? this.#child : undefined);
    if (number < 0) {
      if (!normalise && !exact) this.#makeChild();
      number = this.#add(this.#current, low, high, this.#currentDepth + 1);
    }
    if (!graph) return;
    this.edgeTo.push(number);
    this.edgeFair.push(this.#expansion.fair);
  }

  #makeChild(): void {
    const { count, slots, values } = this.#expansion;
    const [row, child] = [this.#row, this.#child];
    for (let slot = 0; slot < row.length; slot++) child[slot] = row[slot] as number;
    for (let at = 0; at < count; at++) child[slots[at] as number] = values[at] as number;
  }

  /** A world that is new. */
  #add(parent: number, low: number, high: number, depth: number): number {
    const number = this.visited.add(low, high, this.#child);
    this.parents.push(parent);
    this.#rows.pushAll(this.#child);
    this.#numbers.push(number);
    this.depth = Math.max(this.depth, depth);
    const bits = this.judgement.of(this.#child);
    this.#depths.push((depth << 1) | (Judgement.isWithin(bits) ? 1 : 0));
    if (this.#options.graph) this.marks.push(bits);
    for (let index = 0; index < this.judgement.properties.length; index++) {
      const property = this.judgement.properties[index] as (typeof this.judgement.properties)[number];
      const holds = (bits & (1 << index)) !== 0;
      if (property.kind === 'always' ? !holds : property.kind === 'sometimes' && holds)
        this.#find(property.name, { at: number });
    }
    return number;
  }

  #find(property: string, finding: Finding): void {
    if (!this.findings.has(property)) this.findings.set(property, finding);
  }

  /** Lets go of what was expanded, now and then. */
  #compact(): void {
    if (this.#head < 4_096 || this.#head * 2 < this.#numbers.length) return;
    this.#rows.dropFirst(this.#head * this.world.width);
    this.#numbers.dropFirst(this.#head);
    this.#depths.dropFirst(this.#head);
    this.#head = 0;
  }

  #truncate(length: number): void {
    this.#rows.length = length * this.world.width;
    this.#numbers.length = length;
    this.#depths.length = length;
  }
}
