import type { ChartState, TransitionRef } from '@synod/protocol';

// A chart with every coordinate known: what the layout yields and the page turns into SVG.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** What stands before a row. */
export type IconName = 'entry' | 'exit' | 'invoke' | 'stay' | 'again' | 'out' | 'clock' | 'bolt' | 'check' | 'cross';

/** A piece of text in one style. */
export interface Span extends Point {
  readonly text: string;
  readonly role: 'event' | 'guard' | 'action' | 'target';
}

/** Actions or one transition, in one line or several; all coordinates count from the row's origin. */
export interface Row extends Rect {
  readonly icon?: IconName;
  readonly kind: 'entry' | 'exit' | 'invoke' | 'event' | 'after' | 'always' | 'done' | 'failed';
  readonly spans: readonly Span[];
  readonly ref?: TransitionRef;
  readonly description?: string;
  /** Where its author says more. */
  readonly source?: string;
}

/** Says a state's kind or tag. */
export interface Badge {
  readonly text: string;
  readonly width: number;
}

/** A state. */
export interface Box extends Rect {
  readonly id: string;
  readonly key: string;
  readonly kind: ChartState['kind'];
  readonly history?: 'shallow' | 'deep';
  readonly description?: string;
  readonly source?: string;
  /** Whether it has states within, so that it can be folded and unfolded. */
  readonly folds: boolean;
  /** Of a state that is folded: how many states are in it. */
  readonly folded?: number;
  /** In the corner, from right to left. */
  readonly badges: readonly Badge[];
  /** Where title and rows end and the states within begin. */
  readonly header: number;
  /** Of a parallel state. */
  readonly region: boolean;
  readonly depth: number;
  readonly rows: readonly Row[];
  /** Transitions without a picture of their own, in a compact drawing. */
  readonly hidden: readonly TransitionRef[];
}

/** A line from state to state. */
export interface Edge {
  /**
   * `hint`: the transition itself is a row inside a region; the line tells where it leads. `otherwise`: from a history state to what is
   * entered while nothing is remembered.
   */
  readonly kind: 'transition' | 'initial' | 'hint' | 'otherwise';
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
  readonly refs: readonly TransitionRef[];
  readonly label?: Label;
}

/** The box on a line: its rows' coordinates count from the label's corner. */
export interface Label extends Rect {
  readonly rows: readonly Row[];
}

/** The dot where an initial transition begins; its centre. */
export interface Dot extends Point {
  readonly of: string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Outer states before inner ones. */
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
  readonly dots: readonly Dot[];
}

/**
 * How much to draw: `compact` leaves out actions, guards and what stays within a state, `outline` also what lines are called, and `names` all
 * lines: states alone, in little room.
 */
export type Detail = 'full' | 'compact' | 'outline' | 'names';
