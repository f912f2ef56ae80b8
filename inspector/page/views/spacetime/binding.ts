import { effect, signal } from '@preact/signals';
import {
  cursor,
  extent,
  following,
  loading,
  recording,
  seek,
  selectedNode,
  selectedRecord,
  selectNode,
  selectRecord,
  story,
} from '../../state/store.ts';
import { theme } from '../../state/theme.ts';
import { listen } from './gestures.ts';
import { across, askOf, edgeOf, startOf, walked } from './keys.ts';
import { drawOn } from './pictures.ts';
import { settings } from './settings.ts';
import { type Drawn, SpaceTime } from './spacetime.ts';
import { recordWords } from './words.ts';

/** How long records are looked at before a picture is drawn, in milliseconds. */
const BUSY_MS = 8;

export interface Tip {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
}

/** Binds a diagram to the page: to its story, its present, its selection and its theme, and to a person's hands. */
export class Binding {
  readonly drawn = signal<Drawn>({ events: 0, arrows: 0, sampled: 1, isDense: false });
  /** Grows when lanes, types or relations may have changed. */
  readonly version = signal(0);
  readonly tip = signal<Tip | undefined>(undefined);
  /** What the keyboard has come to, in words. */
  readonly said = signal('');
  readonly isFollowing = signal(false);
  readonly size = { width: 0, height: 0 };
  spaceTime: SpaceTime;
  readonly #canvas: HTMLCanvasElement;
  #scheduled = 0;
  #seen = { cursor: -1, version: -1, selected: -1 };

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.spaceTime = this.#begin();
  }

  /** Answers what ends it. */
  start(): () => void {
    const stops = [
      effect(() => {
        void [story.value, extent.value, cursor.value, selectedRecord.value, selectedNode.value];
        void [settings.value, theme.value, loading.value, following.value];
        this.request();
      }),
      listen(this.#canvas, () => this.spaceTime, {
        changed: () => this.request(),
        seek: (y) => seek(this.spaceTime.countAt(y)),
        click: (x, y) => this.#click(x, y),
        hover: (x, y) => this.#hover(x, y),
        leave: () => {
          this.tip.value = undefined;
        },
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
        selectRecord(undefined);
        return this.#focus(undefined);
      case 'node':
        return at === undefined ? undefined : selectNode(story.value.node(at));
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

  #begin(): SpaceTime {
    const unit = recording.peek()?.unit ?? 'ms';
    const spaceTime = new SpaceTime(story.peek(), { unit, settings: settings.peek() });
    spaceTime.isFollowing = recording.peek() === undefined;
    return spaceTime;
  }

  #draw(): void {
    this.#scheduled = 0;
    if (this.size.width === 0) return;
    if (this.spaceTime.story !== story.value) this.spaceTime = this.#begin();
    const { spaceTime } = this;
    if (spaceTime.settings !== settings.value) spaceTime.set(settings.value);
    spaceTime.isOver = recording.value !== undefined && !loading.value;
    spaceTime.shown = {
      cursor: cursor.value,
      selected: selectedRecord.value,
      focused: spaceTime.shown.focused,
      selectedNode: selectedNode.value,
    };
    spaceTime.resize(this.size.width, this.size.height);
    const until = performance.now() + BUSY_MS;
    spaceTime.grow(() => performance.now() > until);
    this.#keepInSight();
    const drawn = drawOn(this.#canvas, spaceTime, this.size);
    if (drawn) this.drawn.value = drawn;
    this.isFollowing.value = spaceTime.isFollowing;
    const { version } = spaceTime.marks;
    const selected = selectedRecord.value ?? -1;
    if (this.#seen.version !== version || this.#seen.selected !== selected) this.version.value++;
    this.#seen = { cursor: cursor.value, version, selected };
    if (!spaceTime.marks.isDone) this.request();
  }

  /** Where the present goes to by other hands, the picture follows. */
  #keepInSight(): void {
    const { spaceTime } = this;
    if (cursor.value === this.#seen.cursor || this.#seen.cursor < 0) return;
    if (following.value && !recording.value) return;
    if (loading.value) return;
    spaceTime.isFollowing = false;
    spaceTime.reveal(cursor.value - 1);
  }

  #select(index: number): void {
    this.#focus(undefined);
    const isSelected = selectedRecord.value === index;
    selectRecord(isSelected ? undefined : index);
    this.said.value = isSelected ? 'Nothing is selected.' : `Selected: ${this.#words(index)}`;
  }

  #focus(index: number | undefined): void {
    const { spaceTime } = this;
    spaceTime.shown = { ...spaceTime.shown, focused: index };
    if (index !== undefined) {
      spaceTime.isFollowing = false;
      spaceTime.reveal(index);
      this.said.value = this.#words(index);
    }
    this.request();
  }

  #words(index: number): string {
    return recordWords(this.spaceTime.marks, index, this.spaceTime.unit).join(', ');
  }

  #click(x: number, y: number): void {
    const { spaceTime } = this;
    const lane = y < spaceTime.head ? spaceTime.laneAt(x) : undefined;
    if (lane) return selectNode(selectedNode.value === lane.node ? undefined : lane.node);
    const index = spaceTime.hit(x, y);
    if (index !== undefined) this.#select(index);
    else selectRecord(undefined);
  }

  #hover(x: number, y: number): void {
    const { spaceTime } = this;
    const lane = y < spaceTime.head ? spaceTime.laneAt(x) : undefined;
    const index = lane ? undefined : spaceTime.hit(x, y);
    const lines = lane
      ? [lane.name, `${lane.marks.length.toLocaleString('en')} events, ${lane.losses.length.toLocaleString('en')} lost`]
      : index !== undefined && index >= story.value.first
        ? recordWords(spaceTime.marks, index, spaceTime.unit)
        : undefined;
    this.tip.value = lines && { x, y, lines };
  }
}

function watchSize(element: HTMLElement, changed: (width: number, height: number) => void): () => void {
  const observer = new ResizeObserver(() => changed(element.clientWidth, element.clientHeight));
  observer.observe(element);
  return () => observer.disconnect();
}
