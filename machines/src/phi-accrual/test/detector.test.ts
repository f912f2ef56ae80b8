import { createEngine, type Effect } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { type PhiInput, phi, phiMachine } from '../index.ts';

const engine = createEngine(phiMachine);

/** A detector on a clock that the test turns. */
class Detector {
  snapshot;
  readonly told: string[] = [];
  readonly answers: number[] = [];
  #timer: { readonly at: number; readonly event: { readonly type: string } } | undefined;
  now = 0;

  constructor(input: Partial<PhiInput> = {}) {
    const first = engine.initial({ self: 'phi@q', seed: 1, watched: 'heart@p', ...input });
    this.snapshot = first.snapshot;
    this.#take(first.effects);
  }

  get context() {
    return this.snapshot.context;
  }

  /** When it will be suspected or failed if nothing comes. */
  get dueAt(): number | undefined {
    return this.#timer?.at;
  }

  beat(at: number, life = 1, from = 'heart@p'): this {
    this.until(at);
    return this.#step({ type: 'Heartbeat', life, from, at });
  }

  ask(at: number): number | undefined {
    this.until(at);
    this.#step({ type: 'detector.query', at });
    return this.answers.at(-1);
  }

  until(at: number): this {
    while (this.#timer && this.#timer.at <= at) {
      const { event, at: due } = this.#timer;
      this.#timer = undefined;
      this.now = due;
      this.#step({ ...event, at: due });
    }
    this.now = at;
    return this;
  }

  #step(event: object): this {
    const next = engine.step(this.snapshot, event as never);
    this.snapshot = next.snapshot;
    this.#take(next.effects);
    return this;
  }

  #take(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'cancelTimer') this.#timer = undefined;
      if (effect.kind === 'setTimer') this.#timer = { at: this.now + effect.delayMs, event: effect.event };
      if (effect.kind !== 'emit') continue;
      if (effect.event.type === 'phi') this.answers.push((effect.event as unknown as { phi: number }).phi);
      else this.told.push(`${effect.event.type} ${Math.round(this.now)}`);
    }
  }
}

/** Heartbeats each second, from 0 on. */
const regular = (count: number, input: Partial<PhiInput> = {}) => {
  const detector = new Detector({ firstEstimateMs: 1_000, minDeviationMs: 100, ...input });
  for (let beat = 0; beat < count; beat++) detector.beat(1_000 * beat);
  return detector;
};

describe('§III: the detector as a chart', () => {
  it('a regular process is trusted, suspected when φ comes to 8 and held failed when it comes to 16', () => {
    const detector = regular(300, { threshold: 8, failThreshold: 16 });
    const last = detector.context.lastAt ?? 0;
    expect(detector.until(last + 5_000).told).toHaveLength(2);
    const [suspected, failed] = detector.told.map((each) => Number(each.split(' ')[1]) - last);
    expect(detector.told.map((each) => each.split(' ')[0])).toEqual(['suspected', 'failed']);
    // 5.61 and 8.22 deviations of a normal distribution.
    expect(suspected).toBe(1_561);
    expect(failed).toBe(1_822);
  });

  it('φ is told whoever asks', () => {
    const detector = regular(300);
    const last = detector.context.lastAt ?? 0;
    expect(detector.ask(last + 1_000)).toBeCloseTo(0.3, 2);
    expect(detector.ask(last + 1_400)).toBeCloseTo(4.5, 1);
    expect(phi(detector.context, last + 1_400)).toBe(detector.answers.at(-1));
  });

  it('before the first heartbeat φ is 0, and yet who never speaks comes to be suspected', () => {
    const detector = new Detector();
    expect(detector.ask(500)).toBe(0);
    expect(detector.until(60_000).told.map((each) => each.split(' ')[0])).toEqual(['suspected', 'failed']);
  });

  it('a heartbeat ends a suspicion', () => {
    expect(regular(10).until(20_000).beat(20_000).told.at(-1)).toBe('trusted 20000');
  });

  it('the more irregular the heartbeats, the longer it waits', () => {
    const detector = new Detector();
    let at = 0;
    for (let beat = 0; beat < 200; beat++) {
      at += beat % 2 === 0 ? 500 : 1_500;
      detector.beat(at);
    }
    expect((detector.dueAt ?? 0) - at).toBeGreaterThan(3_500);
  });

  it('a pause that is accepted moves the thresholds by as much', () => {
    const wait = (acceptablePauseMs: number) => {
      const detector = regular(300, { acceptablePauseMs });
      return (detector.dueAt ?? 0) - (detector.context.lastAt ?? 0);
    };
    expect(wait(3_000) - wait(0)).toBeCloseTo(3_000, 1);
  });

  it('the window holds the last intervals only', () => {
    const detector = regular(50, { windowSize: 10 });
    for (let beat = 0; beat < 10; beat++) detector.beat(100_000 + 2_000 * beat);
    expect(detector.context.intervals).toHaveLength(10);
    expect(detector.context.intervals.slice(1)).toEqual(Array(9).fill(2_000));
  });

  it('the time that a process was down is no interval', () => {
    const { intervals, life, lastAt } = regular(50).beat(500_000, 2).context;
    expect({ intervals, life, lastAt }).toEqual({ intervals: [750, 1_250], life: 2, lastAt: 500_000 });
  });

  it('an outage is no interval either: it is over, and the next crash is seen as soon as before', () => {
    const detector = regular(300);
    const wait = () => (detector.dueAt ?? 0) - (detector.context.lastAt ?? 0);
    const before = wait();
    const last = detector.context.lastAt ?? 0;
    expect(detector.beat(last + 60_000).told).toHaveLength(3);
    expect(wait()).toBe(before);
    expect(detector.beat(last + 61_000).context.intervals).toHaveLength(200);
  });

  it('a pause that is accepted is an interval', () => {
    const detector = regular(50, { acceptablePauseMs: 30_000 });
    const last = detector.context.lastAt ?? 0;
    expect(detector.beat(last + 35_000).context.intervals.at(-1)).toBe(35_000);
  });

  it.each([
    { what: 'of a life that is over', life: 1, from: 'heart@p' },
    { what: 'of another process', life: 2, from: 'heart@x' },
  ])('a heartbeat $what says nothing', ({ life, from }) => {
    const detector = new Detector().beat(0, 2);
    const { context } = detector;
    expect(detector.beat(500, life, from).context).toEqual(context);
  });
});
