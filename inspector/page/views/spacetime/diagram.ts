import type { Settings } from '../../../src/spacetime/choices.ts';
import { spacetimeSvg } from '../../../src/spacetime/picture.ts';
import { type Drawn, SpaceTime } from '../../../src/spacetime/spacetime.ts';
import type { Story } from '../../../src/story/story.ts';
import { listen } from './gestures.ts';
import { across, askOf, edgeOf, startOf, walked } from './keys.ts';
import { drawOn, paletteOf } from './pictures.ts';
import { recordWords } from './words.ts';

/** How long records are looked at before a picture is drawn, in milliseconds. */
const BUSY_MS = 8;

export interface Tip {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
}

/** What a diagram shows. */
export interface Present {
  readonly story: Story;
  readonly unit: 'ms' | 'step';
  readonly settings: Settings;
  readonly cursor: number;
  readonly selected: number | undefined;
  /** The name of the lane that is looked at closely: a node, or an actor. */
  readonly selectedLane: string | undefined;
  /** Whether the story is that of a run that is over; else its end is followed at first. */
  readonly isRecording: boolean;
  /** Whether all of the story has come. */
  readonly isOver: boolean;
  /** Whether the picture goes to where the present is put. */
  readonly isPlaced: boolean;
}

/** What a diagram is in: what it shows, and what comes of what a person does with it. */
export interface Surroundings {
  /** Asked with each picture. */
  present(): Present;
  /** The present is put after so many records. */
  seek(count: number): void;
  select(index: number | undefined): void;
  /** A lane is to be looked at closely: a node, or an actor, by its name. */
  selectLane(name: string | undefined): void;
  /** What lies under the pointer, in words. */
  tell(tip: Tip | undefined): void;
  /** What the keyboard has come to, in words. */
  say(words: string): void;
  /** A picture was drawn. */
  drew(drawn: Drawn): void;
}

/** A diagram on a canvas, in a person's hands: pointers, keys, frames. It knows no page. */
export class Diagram {
  readonly size = { width: 0, height: 0 };
  spaceTime: SpaceTime;
  readonly #canvas: HTMLCanvasElement;
  readonly #around: Surroundings;
  #scheduled = 0;
  #cursor = -1;

  constructor(canvas: HTMLCanvasElement, around: Surroundings) {
    this.#canvas = canvas;
    this.#around = around;
    this.spaceTime = begin(around.present());
  }

  /** Answers what ends it. */
  start(): () => void {
    const stops = [
      listen(this.#canvas, () => this.spaceTime, {
        changed: () => this.request(),
        seek: (y) => this.#around.seek(this.spaceTime.countAt(y)),
        click: (x, y) => this.#click(x, y),
        hover: (x, y) => this.#hover(x, y),
        leave: () => this.#around.tell(undefined),
      }),
      watchSize(this.#canvas, (width, height) => {
        Object.assign(this.size, { width, height });
        this.request();
      }),
      () => cancelAnimationFrame(this.#scheduled),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** The picture as it is to be seen at present, as SVG that needs nothing else. */
  svg(): string {
    return spacetimeSvg(this.spaceTime, paletteOf(this.#canvas), this.size);
  }

  /** Draws with the next frame. */
  request(): void {
    if (this.#scheduled === 0) this.#scheduled = requestAnimationFrame(() => this.#draw());
  }

  /** Changes what is to be seen. */
  move(change: (spaceTime: SpaceTime) => void): void {
    change(this.spaceTime);
    this.request();
  }

  follow(): void {
    this.move((spaceTime) => {
      spaceTime.isFollowing = !spaceTime.isFollowing;
    });
  }

  press(event: KeyboardEvent): void {
    const ask = askOf(event);
    if (!ask) return;
    event.preventDefault();
    event.stopPropagation();
    const { spaceTime } = this;
    const at = startOf(spaceTime);
    switch (ask.do) {
      case 'zoom':
        return this.move(() => spaceTime.zoom(ask.factor));
      case 'pan':
        return this.move(() => spaceTime.pan(ask.pages * this.size.height));
      case 'fit':
        return this.move(() => spaceTime.fit());
      case 'follow':
        return this.follow();
      case 'leave':
        this.#around.select(undefined);
        return this.#focus(undefined);
      case 'node':
        return at === undefined ? undefined : this.#around.selectLane(this.#laneOf(at));
      case 'select':
        return at === undefined ? undefined : this.#select(at);
      default: {
        if (at === undefined) return;
        // The first key only shows where the keyboard is.
        if (spaceTime.shown.focused === undefined && ask.do !== 'edge') return this.#focus(at);
        const step =
          ask.do === 'walk'
            ? walked(spaceTime, at, ask.by)
            : ask.do === 'lane'
              ? across(spaceTime, at, ask.by)
              : edgeOf(spaceTime, at, ask.last);
        if (step !== undefined) this.#focus(step);
      }
    }
  }

  #draw(): void {
    this.#scheduled = 0;
    if (this.size.width === 0) return;
    const present = this.#around.present();
    if (this.spaceTime.story !== present.story) this.spaceTime = begin(present);
    const { spaceTime } = this;
    const { settings, isOver, cursor, selected, selectedLane } = present;
    if (spaceTime.settings !== settings) spaceTime.set(settings);
    spaceTime.isOver = isOver;
    spaceTime.shown = { cursor, selected, focused: spaceTime.shown.focused, selectedLane };
    spaceTime.resize(this.size.width, this.size.height);
    const until = performance.now() + BUSY_MS;
    spaceTime.grow(() => performance.now() > until);
    this.#keepInSight(present);
    const drawn = drawOn(this.#canvas, spaceTime, this.size);
    if (drawn) this.#around.drew(drawn);
    this.#cursor = cursor;
    if (!spaceTime.marks.isDone) this.request();
  }

  /** Where the present goes to by other hands, the picture follows. */
  #keepInSight({ cursor, isPlaced }: Present): void {
    if (cursor === this.#cursor || this.#cursor < 0 || !isPlaced) return;
    this.spaceTime.isFollowing = false;
    this.spaceTime.reveal(cursor - 1);
  }

  #select(index: number): void {
    this.#focus(undefined);
    const isSelected = this.#around.present().selected === index;
    this.#around.select(isSelected ? undefined : index);
    this.#around.say(isSelected ? 'Nothing is selected.' : `Selected: ${this.#words(index)}`);
  }

  #focus(index: number | undefined): void {
    const { spaceTime } = this;
    spaceTime.shown = { ...spaceTime.shown, focused: index };
    if (index !== undefined) {
      spaceTime.isFollowing = false;
      spaceTime.reveal(index);
      this.#around.say(this.#words(index));
    }
    this.request();
  }

  #words(index: number): string {
    return recordWords(this.spaceTime.marks, index, this.spaceTime.unit).join(', ');
  }

  #laneOf(index: number): string | undefined {
    const { marks } = this.spaceTime;
    return marks.lanes.get(marks.laneOf(index))?.name;
  }

  #click(x: number, y: number): void {
    const { spaceTime } = this;
    const lane = y < spaceTime.head ? spaceTime.laneAt(x) : undefined;
    if (lane) return this.#around.selectLane(this.#around.present().selectedLane === lane.name ? undefined : lane.name);
    const index = spaceTime.hit(x, y);
    if (index !== undefined) this.#select(index);
    else this.#around.select(undefined);
  }

  #hover(x: number, y: number): void {
    const { spaceTime } = this;
    const lane = y < spaceTime.head ? spaceTime.laneAt(x) : undefined;
    const index = lane ? undefined : spaceTime.hit(x, y);
    const lines = lane
      ? [lane.name, `${lane.marks.length.toLocaleString('en')} events, ${lane.losses.length.toLocaleString('en')} lost`]
      : index !== undefined && index >= spaceTime.story.first
        ? recordWords(spaceTime.marks, index, spaceTime.unit)
        : undefined;
    this.#around.tell(lines && { x, y, lines });
  }
}

/** Where a tip stands: within the picture, on the side where there is room. */
export const placeOf = ({ x, y }: Tip, { width, height }: { readonly width: number; readonly height: number }) => ({
  ...(x > width / 2 ? { right: `${width - x + 12}px` } : { left: `${x + 12}px` }),
  ...(y > height / 2 ? { bottom: `${height - y + 10}px` } : { top: `${y + 10}px` }),
});

/** A new picture of a story. */
function begin({ story, unit, settings, isRecording }: Present): SpaceTime {
  const spaceTime = new SpaceTime(story, { unit, settings });
  spaceTime.isFollowing = !isRecording;
  return spaceTime;
}

function watchSize(element: HTMLElement, changed: (width: number, height: number) => void): () => void {
  const observer = new ResizeObserver(() => changed(element.clientWidth, element.clientHeight));
  observer.observe(element);
  return () => observer.disconnect();
}
