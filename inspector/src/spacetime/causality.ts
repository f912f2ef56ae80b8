import type { Story } from '../story/story.ts';
import type { Lane, Marks } from './marks.ts';

/** How a record stands to the one that is selected; unknown where a record has no vector clock. */
export type Relation = 'self' | 'past' | 'future' | 'concurrent' | 'unknown';

/** Indexes of the records of a lane that belong to the future, within one life of its node. */
interface Reach {
  readonly from: number;
  readonly to: number;
}

/** What of a lane happened before the selected record, and what after it. */
interface Cone {
  /** The index from which on nothing belongs to the past. */
  readonly pastEnd: number;
  readonly future: readonly Reach[];
  readonly isKnown: boolean;
}

const UNKNOWN: Cone = { pastEnd: 0, future: [], isKnown: false };

/**
 * What happened before a record, after it, and without either knowing of the other (Lamport 1978; Fidge, Mattern 1988), by vector clocks.
 * A node's own count grows along its lane, and so does, within a life of it, what it knows of another: one search by halves for each lane, and not a
 * comparison with each record.
 */
export class Causality {
  readonly selected: number;
  readonly node: string;
  readonly isClocked: boolean;
  readonly #story: Story;
  readonly marks: Marks;
  readonly #tick: number;
  readonly #clock: Readonly<Record<string, number>>;
  readonly #cones = new Map<number, Cone>();
  #version = -1;

  constructor(marks: Marks, selected: number) {
    const { story } = marks;
    this.marks = marks;
    this.#story = story;
    this.selected = selected;
    this.node = story.node(selected);
    this.#tick = story.tick(selected);
    this.#clock = story.record(selected).clock;
    this.isClocked = !Number.isNaN(this.#tick);
  }

  relation(index: number): Relation {
    if (index === this.selected) return 'self';
    if (!this.isClocked) return 'unknown';
    const cone = this.#cone(this.marks.laneOf(index));
    if (!cone.isKnown) return 'unknown';
    if (index < cone.pastEnd) return 'past';
    return cone.future.some(({ from, to }) => index >= from && index < to) ? 'future' : 'concurrent';
  }

  /** How many records that are shown stand in each relation; those of lanes without clocks in none. */
  counts(): { readonly past: number; readonly future: number; readonly concurrent: number } {
    const count = { past: 0, future: 0, concurrent: 0 };
    for (const { key, marks } of this.marks.lanes.values()) {
      const cone = this.#cone(key);
      if (!cone.isKnown) continue;
      const past = marks.placeOf(cone.pastEnd);
      const future = cone.future.reduce((sum, { from, to }) => sum + marks.placeOf(to) - marks.placeOf(from), 0);
      const own = marks.placeOf(this.selected + 1) - marks.placeOf(this.selected);
      const isOwn = key === this.marks.laneOf(this.selected);
      count.past += past;
      count.future += future;
      count.concurrent += marks.length - past - future - (isOwn ? own : 0);
    }
    return count;
  }

  #cone(key: number): Cone {
    if (this.#version !== this.marks.version) {
      this.#version = this.marks.version;
      this.#cones.clear();
    }
    const known = this.#cones.get(key);
    if (known) return known;
    const lane = this.marks.lanes.get(key);
    const cone = lane?.isClocked && this.isClocked ? this.#coneOf(lane) : UNKNOWN;
    this.#cones.set(key, cone);
    return cone;
  }

  #coneOf(lane: Lane): Cone {
    const end = this.#story.length;
    // On a node one thing happens after the other.
    if (lane.node === this.node)
      return { pastEnd: this.selected, future: [{ from: this.selected + 1, to: end }], isKnown: true };
    return { pastEnd: this.#pastEnd(lane), future: this.#futureOf(lane), isKnown: true };
  }

  /** What the selected record knows of a lane. */
  #pastEnd({ marks, node }: Lane): number {
    const heard = this.#clock[node];
    if (heard === undefined) return 0;
    // Counts that begin anew with a life tell no life from another: one that began later is not meant.
    const [, to] = this.#lifeAt(node, this.selected);
    const last = marks.placeOf(to);
    const place = this.#split(marks, 0, last, (index) => this.#story.tick(index) <= heard);
    return place < marks.length ? marks.at(place) : this.#story.length;
  }

  /** What knows of the selected record, life by life. */
  #futureOf({ marks, node }: Lane): Reach[] {
    const begins = [0, ...this.#story.livesOf(node), this.#story.length];
    const found: Reach[] = [];
    for (let life = 0; life + 1 < begins.length; life++) {
      const to = begins[life + 1] as number;
      const [first, last] = [marks.placeOf(begins[life] as number), marks.placeOf(to)];
      if (first === last || !this.#knows(this.#clocked(marks, last - 1, first))) continue;
      const place = this.#split(marks, first, last, (index) => !this.#knows(index));
      found.push({ from: marks.at(place), to });
    }
    return found;
  }

  /** Whether a record comes after the selected one. */
  #knows(index: number | undefined): boolean {
    return (
      index !== undefined && (this.#story.record(index).clock[this.node] ?? Number.NEGATIVE_INFINITY) >= this.#tick
    );
  }

  /** The latest record with a clock at or before a place. */
  #clocked(marks: Lane['marks'], place: number, first: number): number | undefined {
    for (let at = place; at >= first; at--) if (!Number.isNaN(this.#story.tick(marks.at(at)))) return marks.at(at);
    return undefined;
  }

  /** The first place at which `holds` no longer does, sought from where the selected record stands: what is near is likely, and parsed already. */
  #split(marks: Lane['marks'], first: number, last: number, holds: (index: number) => boolean): number {
    const test = (place: number): boolean => {
      const index = this.#clocked(marks, place, first);
      return index === undefined || holds(index);
    };
    let [low, high, step] = [first, last, 1];
    const near = Math.max(first, Math.min(last - 1, marks.placeOf(this.selected)));
    if (test(near)) {
      for (low = near + 1; low + step <= last && test(low + step - 1); step *= 2) low += step;
      high = Math.min(last, low + step - 1);
    } else {
      for (high = near; high - step >= first && !test(high - step); step *= 2) high -= step;
      low = Math.max(first, high - step);
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The life of a node during which a record was made. */
  #lifeAt(node: string, index: number): readonly [from: number, to: number] {
    const begins = this.#story.livesOf(node);
    const at = begins.findIndex((begin) => begin > index);
    const from = at < 0 ? (begins.at(-1) ?? 0) : (begins[at - 1] ?? 0);
    return [from, at < 0 ? this.#story.length : (begins[at] as number)];
  }
}
