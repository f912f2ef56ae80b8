import { describe, expect, it } from 'vitest';
import { and, createMachine, not, or } from 'xstate';
import type { Subject } from '../../src/subject.ts';
import { COVERAGE_KINDS, type CoverageKind } from '../../src/targets/target.ts';
import { Coverage, type Trail } from '../../src/targets/tracker.ts';
import type { Stimulus } from '../../src/test-case.ts';
import { createSubject } from '../../src/world/subject.ts';

const titles = (config: object, kind: CoverageKind) =>
  new Coverage(createSubject(createMachine({ id: 'm', ...config })), [kind]).targets.map(({ title }) => title);

/** The titles of what a run covers. */
function covered(subject: Subject, kind: CoverageKind, stimuli: readonly Stimulus[]): readonly string[] {
  const coverage = new Coverage(subject, [kind]);
  let taken = subject.start(undefined);
  let { trail, covers }: { trail: Trail; covers: readonly string[] } = coverage.take(new Map(), undefined, taken);
  const all = new Set(covers);
  for (const stimulus of stimuli) {
    taken = subject.step(taken.world, stimulus);
    ({ trail, covers } = coverage.take(trail, stimulus, taken));
    for (const id of covers) all.add(id);
  }
  return coverage.targets.filter(({ id }) => all.has(id)).map(({ title }) => title);
}

const send = (type: string) => ({ send: { type } });

const light = {
  initial: 'green',
  states: {
    green: { after: { 3000: 'yellow' }, on: { STOP: 'red', LOOK: {} } },
    yellow: { after: { flash: 'red' } },
    red: { on: { GO: [{ guard: 'isFree', target: 'green' }, { actions: [] }] } },
  },
};

const cross = {
  type: 'parallel',
  states: {
    cars: { initial: 'stop', states: { stop: { on: { A: 'go' } }, go: { on: { A: 'stop' } } } },
    walkers: { initial: 'stop', states: { stop: { on: { B: 'go' } }, go: {} } },
  },
};

describe('coverage', () => {
  it('has targets of each kind, named for people in the order of the chart', () => {
    expect(titles(light, 'states')).toEqual(['green', 'yellow', 'red']);
    expect(titles(light, 'transitions')).toEqual([
      'green → red on STOP',
      'green stays on LOOK',
      'green → yellow after 3000 ms',
      'yellow → red after flash',
      'red → green on GO when isFree',
      'red stays on GO',
    ]);
    expect(titles(light, 'delays')).toEqual(['green → yellow after 3000 ms', 'yellow → red after flash']);
    expect(titles(light, 'guards')).toEqual([
      'guard true of red → green on GO when isFree',
      'guard false of red → green on GO when isFree',
    ]);
    expect(titles(cross, 'regions')).toEqual([
      'cars.stop with walkers.stop',
      'cars.stop with walkers.go',
      'cars.go with walkers.stop',
      'cars.go with walkers.go',
    ]);
    expect(titles(light, 'sometimes')).toEqual([]);
  });

  it('has pairs of transitions of which the second leaves or stays in what the first came to', () => {
    const pairs = titles(light, 'pairs');
    expect(pairs.filter((title) => title.startsWith('green → red'))).toEqual([
      'green → red on STOP, then red → green on GO when isFree',
      'green → red on STOP, then red stays on GO',
    ]);
    expect(pairs.filter((title) => title.startsWith('green stays'))).toHaveLength(3);
    expect(titles(cross, 'pairs')).toEqual([
      'cars.stop → cars.go on A, then cars.go → cars.stop on A',
      'cars.go → cars.stop on A, then cars.stop → cars.go on A',
    ]);
  });

  it('has no pair behind the end of a machine', () => {
    expect(
      titles({ initial: 'a', states: { a: { on: { GO: 'b' } }, b: { type: 'final', on: { X: 'a' } } } }, 'pairs'),
    ).toEqual(['b → a on X, then a → b on GO']);
  });

  it('counts a pair also when another region moves between its transitions', () => {
    const subject = createSubject(createMachine({ id: 'm', ...cross } as never));
    expect(covered(subject, 'pairs', [send('A'), send('B'), send('A')])).toEqual([
      'cars.stop → cars.go on A, then cars.go → cars.stop on A',
    ]);
    expect(covered(subject, 'regions', [send('A'), send('B')])).toHaveLength(3);
  });

  it('counts states that are left within the same step', () => {
    const subject = createSubject(
      createMachine({ id: 'm', initial: 'a', states: { a: { on: { GO: 'b' } }, b: { always: 'c' }, c: {} } }),
    );
    expect(covered(subject, 'states', [send('GO')])).toEqual(['a', 'b', 'c']);
  });

  it('counts a delay only when time brought it', () => {
    const subject = createSubject(
      createMachine({ id: 'm', initial: 'a', states: { a: { after: { 5: 'b' } }, b: {} } }),
    );
    expect(covered(subject, 'delays', [{ wait: 5 }])).toEqual(['a → b after 5 ms']);
    expect(covered(subject, 'delays', [send('xstate.after.5.m.a')])).toEqual([]);
  });

  it('has a target for each condition of a composed guard, by its name or its place, both ways', () => {
    const guarded = (guard: unknown) => ({
      initial: 'a',
      states: { a: { on: { GO: { guard, target: 'b' } } }, b: {} },
    });
    const conditions = (guard: unknown) =>
      new Coverage(createSubject(createMachine({ id: 'm', ...guarded(guard) } as never)), ['guards']).targets.map(
        (target) => target.kind === 'guards' && `${target.condition}=${target.outcome}`,
      );
    const isFull = () => true;
    expect(conditions(isFull)).toEqual(['=true', '=false']);
    expect(conditions(and([isFull, or([() => true, not('isNew')])]))).toEqual(
      ['', 'isFull', '1.0', 'isNew'].flatMap((condition) => [`${condition}=true`, `${condition}=false`]),
    );
  });

  it('is complete when all is covered that the chart does not prove to be dead', () => {
    const subject = createSubject(
      createMachine({ id: 'm', initial: 'a', states: { a: {}, island: { on: { X: 'a' } } } }),
    );
    const coverage = new Coverage(subject, COVERAGE_KINDS);
    expect(coverage.complete).toBe(false);
    coverage.cover(coverage.take(new Map(), undefined, subject.start(undefined)).covers);
    expect(coverage.complete).toBe(true);
  });
});
