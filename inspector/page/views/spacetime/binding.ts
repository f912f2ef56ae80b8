import { effect, signal } from '@preact/signals';
import type { Marks } from '../../../src/spacetime/marks.ts';
import type { Drawn } from '../../../src/spacetime/spacetime.ts';
import {
  cursor,
  extent,
  following,
  loading,
  recording,
  seek,
  selectActor,
  selectedActor,
  selectedNode,
  selectedRecord,
  selectNode,
  selectRecord,
  story,
} from '../../state/store.ts';
import { theme } from '../../state/theme.ts';
import { Diagram, type Present, type Surroundings, type Tip } from './diagram.ts';
import { settings } from './settings.ts';

/** Binds a diagram to the page: to its story, its present, its selection and its theme. */
export class Binding implements Surroundings {
  readonly diagram: Diagram;
  readonly drawn = signal<Drawn>({ events: 0, arrows: 0, sampled: 1, isDense: false });
  /** Grows when lanes, types or relations may have changed. */
  readonly version = signal(0);
  readonly tip = signal<Tip | undefined>(undefined);
  /** What the keyboard has come to, in words. */
  readonly said = signal('');
  readonly isFollowing = signal(false);
  #seen: { readonly marks?: Marks; readonly version: number; readonly selected: number } = {
    version: -1,
    selected: -1,
  };

  constructor(canvas: HTMLCanvasElement) {
    this.diagram = new Diagram(canvas, this);
  }

  /** Answers what ends it. */
  start(): () => void {
    const end = this.diagram.start();
    const forget = effect(() => {
      void [story.value, extent.value, cursor.value, selectedRecord.value, selectedNode.value, selectedActor.value];
      void [settings.value, theme.value, loading.value, following.value];
      this.diagram.request();
    });
    return () => {
      forget();
      end();
    };
  }

  present(): Present {
    const isRecording = recording.peek() !== undefined;
    return {
      story: story.peek(),
      unit: recording.peek()?.unit ?? 'ms',
      settings: settings.peek(),
      cursor: cursor.peek(),
      selected: selectedRecord.peek(),
      selectedLane: settings.peek().by === 'actor' ? selectedActor.peek() : selectedNode.peek(),
      isRecording,
      isOver: isRecording && !loading.peek(),
      isPlaced: !loading.peek() && (isRecording || !following.peek()),
    };
  }

  seek(count: number): void {
    seek(count);
  }

  select(index: number | undefined): void {
    selectRecord(index);
  }

  selectLane(name: string | undefined): void {
    if (name !== undefined && settings.peek().by === 'actor') selectActor(name);
    else selectNode(name);
  }

  tell(tip: Tip | undefined): void {
    this.tip.value = tip;
  }

  say(words: string): void {
    this.said.value = words;
  }

  drew(drawn: Drawn): void {
    const { spaceTime } = this.diagram;
    this.drawn.value = drawn;
    this.isFollowing.value = spaceTime.isFollowing;
    const { marks } = spaceTime;
    const { version } = marks;
    const selected = selectedRecord.value ?? -1;
    const seen = this.#seen;
    // Others may have come as far in as many turns.
    if (seen.marks !== marks || seen.version !== version || seen.selected !== selected) this.version.value++;
    this.#seen = { marks, version, selected };
  }
}
