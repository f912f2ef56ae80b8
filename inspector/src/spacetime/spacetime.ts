import type { Story } from '../story/story.ts';
import { Causality } from './causality.ts';
import { plainSettings, type Settings } from './choices.ts';
import { drawBackdrop } from './draw/backdrop.ts';
import { drawDensity, drawEvents, inSight, MOST_EVENTS } from './draw/events.ts';
import { drawHeads } from './draw/heads.ts';
import { drawLanes } from './draw/lanes.ts';
import { drawMessages } from './draw/messages.ts';
import { cursorY, drawOverlay } from './draw/overlay.ts';
import { drawSpans } from './draw/spans.ts';
import { type Frame, frameOf, geometryOf, type Shown, yIn } from './frame.ts';
import { Hits } from './hits.ts';
import { Hues } from './hues.ts';
import { spanBookOf } from './in-force.ts';
import { type LaneChoice, lanesOf } from './lanes.ts';
import { type Lane, Marks } from './marks.ts';
import type { Pen } from './pen.ts';
import { Idle, orderScale, type Scale, timeScale } from './scale.ts';
import { SpanBook } from './spans.ts';
import { atEnd, fitted, MARGIN, panned, placeAt, showing, type Viewport, zoomed } from './viewport.ts';

/** What came of drawing a picture. */
export interface Drawn {
  readonly events: number;
  readonly arrows: number;
  /** One of so many arrows was drawn. */
  readonly sampled: number;
  /** Whether events were drawn as bars and not one by one. */
  readonly isDense: boolean;
}

/** A moment, and how far below the lanes' names it stands. */
interface Anchor {
  readonly ms: number;
  readonly px: number;
}

/** Messages in what is to be seen at first. */
const READABLE = 90;
/** Of something live, what is to be seen at first is at least so long, or it would rush past, in milliseconds. */
const LEAST_MS = 3_000;

/**
 * The space-time diagram of a story: lanes side by side, time downwards. It knows no page: it is told what is selected and where the present is,
 * and draws with whatever pen it is given.
 */
export class SpaceTime {
  readonly story: Story;
  readonly unit: 'ms' | 'step';
  marks: Marks;
  shown: Shown = { cursor: 0, selected: undefined, focused: undefined, selectedLane: undefined };
  /** Whether what comes last stays in sight. */
  isFollowing = false;
  /** Whether nothing more will come. */
  isOver = false;
  #settings: Settings;
  #view: Viewport = { from: 0, perPx: 1 };
  /** Whether nobody has chosen what is to be seen yet. */
  #isUntouched = true;
  /** What is to stay in its place when all has been looked at anew. */
  #anchor: Anchor | undefined;
  #size = { width: 600, height: 600 };
  #idle: Idle | undefined;
  #scale: Scale;
  #hues: Hues;
  #spans = new SpanBook();
  #noted = 0;
  #causality: Causality | undefined;
  #hits = new Hits();
  /** The lanes as they were chosen last, and from what. */
  #lanes: { marks: Marks; version: number; hidesQuiet: boolean; choice: LaneChoice } | undefined;

  constructor(
    story: Story,
    { unit = 'ms', settings = plainSettings }: { unit?: 'ms' | 'step'; settings?: Settings } = {},
  ) {
    this.story = story;
    this.unit = unit;
    this.#settings = settings;
    this.marks = this.#begin();
    this.#hues = new Hues(story, this.marks.phases);
    this.#scale = timeScale(this.marks);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get causality(): Causality | undefined {
    return this.#causality;
  }

  get lanes(): LaneChoice {
    const { marks } = this;
    const { hidesQuiet } = this.#settings;
    const known = this.#lanes;
    if (known?.marks === marks && known.version === marks.version && known.hidesQuiet === hidesQuiet)
      return known.choice;
    const choice = lanesOf(marks, hidesQuiet);
    this.#lanes = { marks, version: marks.version, hidesQuiet, choice };
    return choice;
  }

  /** Shows the same moments by other rules. */
  set(settings: Settings): void {
    const before = this.#settings;
    if (before.axis !== settings.axis) this.#isUntouched = true;
    else this.#anchor ??= this.#anchored();
    this.#settings = settings;
    if (before.by !== settings.by || before.hidden !== settings.hidden || before.timers !== settings.timers)
      this.marks = this.#begin();
    this.#idle = undefined;
  }

  resize(width: number, height: number): void {
    this.#size = { width, height };
  }

  /** Takes account of what has come to the story, until `isLate` says that it is time to draw. */
  grow(isLate?: () => boolean): void {
    this.marks.go(isLate);
    const { notes } = this.marks;
    for (let place = notes.placeOf(this.#noted); place < notes.length; place++) {
      const index = notes.at(place);
      this.#spans.add(this.story.record(index), index, this.story.at(index));
      this.#noted = index + 1;
    }
    this.#scale = this.#scaleOf();
    const { selected } = this.shown;
    const isKept = selected !== undefined && selected >= this.story.first && selected < this.story.length;
    if (!isKept) this.#causality = undefined;
    else if (this.#causality?.selected !== selected || this.#causality.marks !== this.marks)
      this.#causality = new Causality(this.marks, selected);
    if (this.#isUntouched) this.#look();
    else if (this.#anchor && this.marks.isDone) this.#settle(this.#anchor);
    if (this.isFollowing) this.#view = atEnd(this.#view, this.#scale, this.#high);
  }

  zoom(factor: number, px = this.#high / 2): void {
    this.#isUntouched = false;
    this.#view = zoomed(this.#view, factor, px, this.#scale, this.#high, this.#isTime);
  }

  pan(px: number): void {
    this.#isUntouched = false;
    this.isFollowing = false;
    this.#view = panned(this.#view, px, this.#scale, this.#high);
  }

  /** All of it. */
  fit(): void {
    this.#isUntouched = false;
    this.isFollowing = false;
    this.#view = fitted(this.#scale, this.#high, this.#isTime);
  }

  /** Moves as little as it takes to see a record. */
  reveal(index: number): void {
    if (index < this.story.first || index >= this.story.length) return;
    this.#view = showing(this.#view, this.#scale.place(index), this.#high);
  }

  /** Draws, and remembers what lies where. */
  draw(pen: Pen, size: { readonly width: number; readonly height: number } = this.#size): Drawn {
    const frame = this.#frame(pen, size);
    this.#hits = frame.hits;
    drawBackdrop(frame);
    let drawn: Drawn = { events: 0, arrows: 0, sampled: 1, isDense: false };
    pen.within(0, frame.head, frame.width, frame.height - frame.head, () => {
      const events = inSight(frame);
      const isDense = events > MOST_EVENTS;
      drawSpans(frame);
      if (isDense) drawDensity(frame);
      else drawLanes(frame);
      const { drawn: arrows, sampled } = drawMessages(frame, isDense);
      // Among many arrows, lanes above them still tell their states.
      if (isDense) drawLanes(frame);
      else drawEvents(frame);
      drawn = { events, arrows, sampled, isDense };
    });
    drawHeads(frame);
    drawOverlay(frame);
    return drawn;
  }

  /** The record whose mark or arrow lies at a place in the picture. */
  hit(x: number, y: number): number | undefined {
    return y < this.head ? undefined : this.#hits.at(x, y);
  }

  /** The lane at a place in the picture. */
  laneAt(x: number): Lane | undefined {
    const { lanes } = this.lanes;
    const { left, spacing } = geometryOf(lanes, this.#size.width);
    return lanes[Math.round((x - left) / spacing)];
  }

  /** Height of the lanes' names. */
  get head(): number {
    return geometryOf(this.lanes.lanes, this.#size.width).head;
  }

  /** Where the line of the present lies. */
  get cursorY(): number {
    const y = yIn(this.#view, this.head);
    return cursorY({
      shown: this.shown,
      marks: this.marks,
      scale: this.#scale,
      y,
      yOf: (i) => y(this.#scale.place(i)),
    });
  }

  /** How many records have happened at a height of the picture. */
  countAt(y: number): number {
    const place = placeAt(this.#view, y - this.head);
    if (place >= this.#scale.end) return this.story.length;
    return this.#settings.axis === 'order' ? this.#scale.keyOf(place) : this.story.indexAt(this.#scale.moment(place));
  }

  get #high(): number {
    return Math.max(1, this.#size.height - this.head);
  }

  get #isTime(): boolean {
    return this.#settings.axis !== 'order' && this.unit === 'ms';
  }

  #begin(): Marks {
    const { by, hidden, timers } = this.#settings;
    const marks = new Marks(this.story, { by, hidden, timers });
    this.#hues = new Hues(this.story, marks.phases);
    this.#spans = spanBookOf(this.story);
    this.#noted = 0;
    return marks;
  }

  #scaleOf(): Scale {
    const { axis } = this.#settings;
    if (axis === 'order') return orderScale(this.marks);
    if (axis === 'time') return timeScale(this.marks);
    // What is idle is only known when all has been looked at.
    if (!this.#idle && !this.marks.isDone) return timeScale(this.marks);
    this.#idle ??= new Idle(this.marks);
    this.#idle.grow(this.marks);
    return timeScale(this.marks, this.#idle);
  }

  /** As much as can be read, before and at the present. */
  #look(): void {
    const { sends, all } = this.marks;
    const list = sends.length > 0 ? sends : all;
    if (list.length === 0) return;
    const place = Math.min(list.length - 1, list.placeOf(this.shown.cursor ?? this.story.length));
    if (this.marks.isDone && (this.isOver || place >= READABLE)) this.#isUntouched = false;
    if (this.isOver && list.length <= READABLE) {
      this.#view = fitted(this.#scale, this.#high, this.#isTime);
      return;
    }
    const first = this.#scale.place(list.at(Math.max(0, place - READABLE)));
    const last = Math.max(first, this.#scale.place(list.at(place)));
    const room = Math.max(1, this.#high - 2 * MARGIN - 24);
    const least = !this.#isTime ? 1 / 40 : this.isOver ? 0.001 : LEAST_MS / room;
    const perPx = Math.max((last - first) / room, least);
    this.#view = { from: last - (room + MARGIN) * perPx, perPx };
  }

  /** A moment that is to stay where it is: the present, if it is in sight, or what is in the middle. */
  #anchored(): Anchor {
    const cursor = this.cursorY - this.head;
    const px = cursor >= 0 && cursor <= this.#high ? cursor : this.#high / 2;
    return { px, ms: this.#scale.moment(placeAt(this.#view, px)) };
  }

  #settle({ ms, px }: Anchor): void {
    this.#anchor = undefined;
    const place = this.#scale.place(this.story.indexAt(ms), ms);
    this.#view = { ...this.#view, from: place - px * this.#view.perPx };
  }

  #frame(pen: Pen, size: { readonly width: number; readonly height: number }): Frame {
    return frameOf({
      pen,
      ...size,
      lanes: this.lanes.lanes,
      marks: this.marks,
      scale: this.#scale,
      view: this.#view,
      unit: this.#settings.axis === 'order' ? 'record' : this.unit,
      storyUnit: this.unit,
      spans: this.#spans.all,
      causality: this.#causality,
      shown: this.shown,
      hueOf: this.#hues.state,
      inkOf: this.#hues.type,
    });
  }
}
