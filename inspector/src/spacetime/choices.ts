/** What the picture is of, and what it leaves out. */
export interface Settings {
  readonly by: 'node' | 'actor';
  /** Time as it is, time without what is idle, or one record after the other. */
  readonly axis: 'time' | 'busy' | 'order';
  /** Types of messages that are left out. */
  readonly hidden: ReadonlySet<string>;
  readonly timers: boolean;
  /** Lanes to and from which nothing goes are left out. */
  readonly hidesQuiet: boolean;
}

export const plainSettings: Settings = {
  by: 'node',
  axis: 'time',
  hidden: new Set(),
  timers: true,
  hidesQuiet: false,
};
