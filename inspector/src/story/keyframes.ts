import type { World } from '../world/world.ts';

/** Worlds that are kept at most; when there are more, every other one goes. */
const MOST = 256;

export interface Keyframe {
  readonly index: number;
  readonly world: World;
  /** Whether it cannot be computed from the one before. */
  readonly isJump?: true;
}

/** Worlds every so often, from which those between are computed. They share what did not change from one to the next. */
export class Keyframes {
  #frames: Keyframe[];
  #last: Keyframe;
  /** Blocks from one world that is kept to the next. */
  #apart = 1;
  #since = 0;

  constructor(base: World) {
    this.#last = { index: 0, world: base };
    this.#frames = [this.#last];
  }

  /** A block begins with this world. */
  add(index: number, world: World): void {
    if (index === 0 || ++this.#since < this.#apart) return;
    this.#since = 0;
    this.#frames.push({ index, world });
    if (this.#frames.length <= MOST) return;
    this.#frames = this.#frames.filter(({ isJump }, at) => isJump || at % 2 === 0);
    this.#apart *= 2;
  }

  /** From here on the world is this one, whatever came before. */
  jump(index: number, world: World): void {
    // Of several at one place, the last counts.
    this.#frames = this.#frames.filter((frame) => frame.index < index || index === 0);
    this.#frames.push({ index, world, isJump: true });
    if (this.#last.index >= index) this.#last = { index, world };
  }

  /** Where it jumped, and to which worlds. */
  get jumps(): readonly Keyframe[] {
    return this.#frames.filter(({ isJump }) => isJump);
  }

  /** The latest known world at or before `index`. */
  before(index: number): Keyframe {
    const frame = this.#frames.findLast((each) => each.index <= index) ?? (this.#frames[0] as Keyframe);
    return this.#last.index <= index && this.#last.index > frame.index ? this.#last : frame;
  }

  /** Keeps the world that was asked for last: the next one is near, as a rule. */
  remember(index: number, world: World): World {
    this.#last = { index, world };
    return world;
  }

  /** What lies before `first` is no longer kept; `advance` computes the world there from one before it. */
  forget(first: number, advance: (from: number, world: World) => World): void {
    const kept = this.#frames.filter(({ index }) => index >= first);
    if (kept[0]?.index !== first) {
      const before = this.#frames.findLast(({ index }) => index < first) as Keyframe;
      kept.unshift({ index: first, world: advance(before.index, before.world) });
    }
    this.#frames = kept;
    if (this.#last.index < first) this.#last = kept[0] as Keyframe;
  }
}
