import { SynodError, type TraceRecord } from '@synod/protocol';
import { runIn } from '../page/open/lines-of.ts';
import { Diagram, type Present, placeOf, type Tip } from '../page/views/spacetime/diagram.ts';
import { labelOf, omissionsOf, type Remark, relationsOf } from '../page/views/spacetime/foot.ts';
import { recordWords } from '../page/views/spacetime/words.ts';
import { plainSettings, type Settings } from '../src/spacetime/choices.ts';
import type { Drawn } from '../src/spacetime/spacetime.ts';
import { Story } from '../src/story/story.ts';
import { choice, made, SynodElement } from './element.ts';
import type { SynodSpaceTimeElement } from './types.ts';

const KEYS = 'ArrowUp ArrowDown ArrowLeft ArrowRight Home End Enter + - 0 f n PageUp PageDown Escape';

const linesOf = (records: readonly TraceRecord[]): string[] => records.map((record) => JSON.stringify(record));

export class SpaceTimeElement extends SynodElement implements SynodSpaceTimeElement {
  static readonly observedAttributes = ['theme', 'src', 'by', 'axis'];
  readonly #canvas = made('canvas');
  readonly #tip = made('div', { class: 'spacetime-tip', hidden: '', 'aria-hidden': 'true' });
  readonly #picture = made(
    'div',
    { class: 'spacetime-picture', role: 'application', tabindex: '0', 'aria-keyshortcuts': KEYS },
    this.#canvas,
    this.#tip,
  );
  readonly #foot = made('div', { class: 'spacetime-foot' });
  readonly #said = made('p', { class: 'said', role: 'status', 'aria-live': 'polite' });
  readonly #diagram: Diagram;
  #records: readonly TraceRecord[] | undefined;
  #lines: readonly string[] | undefined;
  #story = new Story();
  #unit: 'ms' | 'step' = 'ms';
  #settings: Settings = plainSettings;
  #selected: number | undefined;
  #selectedLane: string | undefined;
  /** Where the line of the present was dragged to; undefined at the end. */
  #cursor: number | undefined;
  /** Whether records come one after another. */
  #isGrowing = false;
  #isLoading = false;
  #isFetchDue = false;
  #fetching = new AbortController();

  constructor() {
    super();
    this.body.append(
      made('section', { class: 'spacetime', 'aria-label': 'Space–time' }, this.#picture, this.#foot, this.#said),
    );
    this.#diagram = new Diagram(this.#canvas, {
      present: () => this.#present(),
      seek: (count) => {
        this.#cursor = count;
        this.changed();
      },
      select: (index) => this.#select(index),
      selectLane: (name) => {
        this.#selectedLane = name;
        this.changed();
      },
      tell: (tip) => this.#tell(tip),
      say: (words) => {
        this.#said.textContent = words;
      },
      drew: (drawn) => this.#describe(drawn),
    });
    this.#picture.addEventListener('keydown', (event) => this.#diagram.press(event));
  }

  get records(): readonly TraceRecord[] | undefined {
    return this.#records;
  }
  set records(records: readonly TraceRecord[] | undefined) {
    if (records !== undefined && records === this.#records) return;
    this.#begin();
    this.#records = records;
    this.#add(linesOf(records ?? []));
  }

  get lines(): readonly string[] | undefined {
    return this.#lines;
  }
  set lines(lines: readonly string[] | undefined) {
    if (lines !== undefined && lines === this.#lines) return;
    this.#begin();
    this.#lines = lines;
    this.#add(lines?.filter((line) => line !== '') ?? []);
  }

  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(src: string) {
    this.setAttribute('src', src);
  }

  get selected(): number | undefined {
    return this.#selected;
  }
  set selected(index: number | undefined) {
    this.#selected = index;
    this.changed();
  }

  get by(): Settings['by'] {
    return choice(this.getAttribute('by'), ['node', 'actor']);
  }
  set by(by: Settings['by']) {
    this.setAttribute('by', by);
  }

  get axis(): Settings['axis'] {
    return choice(this.getAttribute('axis'), ['time', 'busy', 'order']);
  }
  set axis(axis: Settings['axis']) {
    this.setAttribute('axis', axis);
  }

  addRecords(records: readonly TraceRecord[]): void {
    if (!this.#isGrowing) this.#diagram.spaceTime.isFollowing = true;
    this.#isGrowing = true;
    this.#add(linesOf(records));
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    super.attributeChangedCallback(name, before, after);
    if (name === 'src' && before !== after) this.#isFetchDue = true;
  }

  protected override connected(ending: AbortSignal): void {
    const stop = this.#diagram.start();
    ending.addEventListener('abort', () => {
      stop();
      // What was not read to its end is read again when the element comes back.
      this.#isFetchDue ||= this.#isLoading;
      this.#fetching.abort();
    });
  }

  protected override update(): void {
    const { by, axis } = this;
    if (by !== this.#settings.by || axis !== this.#settings.axis) this.#settings = { ...this.#settings, by, axis };
    if (this.#isFetchDue) {
      this.#isFetchDue = false;
      void this.#fetch(this.src);
    }
    this.#diagram.request();
  }

  /** Forgets what was shown. */
  #begin(): void {
    this.#fetching.abort();
    this.#isFetchDue = false;
    this.#isLoading = false;
    this.#isGrowing = false;
    [this.#records, this.#lines] = [undefined, undefined];
    [this.#selected, this.#selectedLane, this.#cursor] = [undefined, undefined, undefined];
    this.#unit = 'ms';
    this.#story = new Story();
    this.fail(undefined);
    this.changed();
  }

  #add(lines: readonly string[]): void {
    try {
      this.#story.append(lines);
    } catch (error) {
      this.fail(error, 'TRACE_INVALID');
    }
    this.changed();
  }

  async #fetch(src: string): Promise<void> {
    this.#begin();
    if (src === '') return;
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    this.#isLoading = true;
    try {
      const file = await fileAt(src, signal);
      for await (const { head, lines } of runIn(file)) {
        if (signal.aborted) return;
        this.#unit = head.unit;
        this.#story.append(lines);
        this.changed();
      }
      this.dispatchEvent(new CustomEvent('load', { detail: null }));
    } catch (error) {
      if (!signal.aborted) this.fail(error, 'TRACE_INVALID');
    }
    if (signal.aborted) return;
    this.#isLoading = false;
    this.changed();
  }

  #present(): Present {
    const { length } = this.#story;
    return {
      story: this.#story,
      unit: this.#unit,
      settings: this.#settings,
      cursor: Math.min(this.#cursor ?? length, length),
      selected: this.#selected,
      selectedLane: this.#selectedLane,
      isRecording: !this.#isGrowing,
      isOver: !this.#isGrowing && !this.#isLoading,
      isPlaced: this.#cursor !== undefined,
    };
  }

  #select(index: number | undefined): void {
    if (index === this.#selected) return;
    this.selected = index;
    const detail = index === undefined ? null : { index, record: this.#story.record(index) };
    this.dispatchEvent(new CustomEvent('select', { detail }));
  }

  #tell(tip: Tip | undefined): void {
    this.#tip.hidden = tip === undefined;
    if (!tip) return;
    this.#tip.replaceChildren(...tip.lines.map((line) => made('p', {}, line)));
    Object.assign(this.#tip.style, { left: '', right: '', top: '', bottom: '', ...placeOf(tip, this.#diagram.size) });
  }

  /** Says in words what has been drawn. */
  #describe(drawn: Drawn): void {
    const { spaceTime } = this.#diagram;
    const index = this.#selected;
    const isKept = index !== undefined && index >= this.#story.first && index < this.#story.length;
    const label = labelOf(spaceTime, isKept ? recordWords(spaceTime.marks, index, spaceTime.unit) : []);
    if (label !== this.#picture.ariaLabel) this.#picture.ariaLabel = label;
    const remarks = [...relationsOf(spaceTime), ...omissionsOf(spaceTime, drawn)];
    const words = remarks.map((remark) => remark.words).join('\n');
    if (words !== this.#foot.dataset.words) this.#foot.replaceChildren(...remarks.map(remarkElement));
    this.#foot.dataset.words = words;
  }
}

const remarkElement = ({ name, words }: Remark): HTMLElement => made('span', { class: name }, words);

/** @throws SynodError `TRACE_UNREACHABLE` */
async function fileAt(src: string, signal: AbortSignal): Promise<Blob> {
  try {
    const response = await fetch(src, { signal });
    if (response.ok) return await response.blob();
    throw new Error(`the server answers ${response.status}`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SynodError('TRACE_UNREACHABLE', `The trace at ${src} cannot be read (${why}); is it served there?`, {
      cause,
    });
  }
}
