import { encodeTrace, type TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import {
  encodeReplay,
  NEXT,
  parseReplay,
  recordReplay,
  replay,
  type SimulateOptions,
  simulate,
  simulateUntil,
  turnAt,
} from '../src/index.ts';
import { specification as toys } from './fixtures/toys.mjs';

const RUN: SimulateOptions = { seed: 7, simulation: 'registers', seconds: 3, faults: { crash: 'high', drop: 'high' } };

const lines = (trace: readonly TraceRecord[] = []) => trace.map((record) => encodeTrace(record));
const plain = simulateUntil(toys, RUN);
const whole = lines(plain.result.trace);
/** A turn in the second half of the run at which several messages are on their way. */
const MIDDLE = plain.marks.findIndex((_, turn) => {
  if (turn < plain.marks.length / 2) return false;
  const { choices = [] } = simulateUntil(toys, RUN, { turn });
  return (
    choices.some(({ id, kind }) => kind === 'deliver' && id !== NEXT) && choices.some(({ kind }) => kind === 'timer')
  );
});

describe('a run that is held', () => {
  it('is the run that it is without: the same records up to there, in every turn', () => {
    expect(whole).toEqual(lines(simulate(toys, { ...RUN, trace: true }).trace));
    for (const turn of [0, 1, 17, MIDDLE, plain.marks.length - 1]) {
      const { result, marks } = simulateUntil(toys, RUN, { turn });
      expect(lines(result.trace)).toEqual(whole.slice(0, marks[turn]));
      expect(marks).toEqual(plain.marks.slice(0, turn + 1));
    }
  });

  it('can be held at a moment of simulated time', () => {
    const { result, choices } = simulateUntil(toys, RUN, { atMs: 1_000 });
    const times = result.trace?.map(({ at }) => at) ?? [];
    expect(Math.max(...times)).toBeLessThanOrEqual(1_000);
    expect(times.length).toBeGreaterThan(100);
    expect(choices?.[0]?.id).toBe(NEXT);
  });

  it('offers what may come next: its own next first, each message to be lost, each node to crash', () => {
    const { choices = [] } = simulateUntil(toys, RUN, { turn: MIDDLE });
    expect(choices.filter(({ id }) => id === NEXT)).toEqual([choices[0]]);
    expect(new Set(choices.map(({ id }) => id)).size).toBe(choices.length);
    expect(choices.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['deliver', 'drop', 'timer', 'crash']));
  });

  it('knows the turn of a number of records: the first after which the next of them comes', () => {
    expect(turnAt([4, 4, 6, 6, 9], 4)).toBe(0);
    expect(turnAt([4, 4, 6, 6, 9], 5)).toBe(0);
    expect(turnAt([4, 4, 6, 6, 9], 6)).toBe(2);
    expect(turnAt([4, 4, 6, 6, 9], 100)).toBe(4);
    expect(turnAt([4, 4, 6, 6, 9], 0)).toBe(0);
    expect(turnAt([], 3)).toBe(0);
  });
});

describe('a fork', () => {
  const { choices = [] } = simulateUntil(toys, RUN, { turn: MIDDLE });
  const deviating = choices.filter(({ id }) => id !== NEXT);

  it.each(['deliver', 'drop', 'timer', 'crash'])(
    'by another choice (%s) is the same up to there, and then another run',
    (kind) => {
      const choice = deviating.find((each) => each.kind === kind);
      const forked = { ...RUN, deviations: [{ after: MIDDLE, choice: choice?.id ?? '' }] };
      const { result } = simulateUntil(toys, forked);
      const mark = plain.marks[MIDDLE] as number;
      expect(lines(result.trace).slice(0, mark)).toEqual(whole.slice(0, mark));
      expect(result.trace?.[mark]).toMatchObject({ type: 'note', code: 'FORK' });
      expect(result.trace?.slice(mark + 1)).not.toEqual([]);
      expect(lines(result.trace)).not.toEqual(whole);
      // The same choices, the same bytes; held or not, traced or not.
      expect(lines(simulateUntil(toys, forked).result.trace)).toEqual(lines(result.trace));
      expect(lines(simulate(toys, { ...forked, trace: true }).trace)).toEqual(lines(result.trace));
      const held = simulateUntil(toys, forked, { turn: MIDDLE + 1 });
      expect(lines(held.result.trace)).toEqual(lines(result.trace).slice(0, held.marks.at(-1)));
      expect(simulate(toys, forked).steps).toBe(result.steps);
    },
  );

  it('can be forked again, in the very next turn and later', () => {
    const [first] = deviating.filter(({ kind }) => kind === 'drop');
    const deviations = [{ after: MIDDLE, choice: first?.id ?? '' }];
    const held = simulateUntil(toys, { ...RUN, deviations }, { turn: MIDDLE + 1 });
    const second = held.choices?.find(({ kind }) => kind === 'crash');
    const twice = [...deviations, { after: MIDDLE + 1, choice: second?.id ?? '' }];
    const { trace = [] } = simulateUntil(toys, { ...RUN, deviations: twice }).result;
    expect(trace.filter((record) => record.type === 'note' && record.code === 'FORK')).toHaveLength(2);
  });

  it('brings a node back that a person chose to crash, at the latest when all faults heal', () => {
    const crash = deviating.find(({ kind }) => kind === 'crash');
    const { trace = [], violations } = simulateUntil(toys, {
      ...RUN,
      deviations: [{ after: MIDDLE, choice: crash?.id ?? '' }],
    }).result;
    const rest = trace.slice(plain.marks[MIDDLE]).filter(({ node }) => node === crash?.node);
    expect(rest[1]).toMatchObject({ type: 'crash' });
    expect(rest.some(({ type }) => type === 'spawn')).toBe(true);
    expect(violations).toEqual([]);
  });

  it('is saved in a replay file, and repeats', () => {
    const drop = deviating.find(({ kind }) => kind === 'drop');
    const deviations = [{ after: MIDDLE, choice: drop?.id ?? '' }];
    const file = parseReplay(encodeReplay(recordReplay(toys, { ...RUN, deviations })));
    expect(file.deviations).toEqual(deviations);
    expect(replay(toys, file)).toMatchObject({ sameTrace: true, sameViolation: true });
  });

  it('refuses what cannot happen there', () => {
    const options = { ...RUN, deviations: [{ after: MIDDLE, choice: 'take:999999' }] };
    expect(() => simulate(toys, options)).toThrow('cannot do what was chosen');
  });
});
