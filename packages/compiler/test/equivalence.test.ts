import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPRESSIONS } from './charts/expressions.ts';
import { STATES } from './charts/states.ts';
import { Lockstep } from './lockstep.ts';
import { machineOf, shapes } from './random-chart.ts';

const CHARTS = { ...STATES, ...EXPRESSIONS };

describe('a compiled machine and an interpreted one come to the same snapshots, effects, transitions and errors', () => {
  it.each(Object.entries(CHARTS))('%s', (_, { machine, events, input }) => {
    const lockstep = new Lockstep(machine);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { minLength: 1, maxLength: 30 }), (sequence) => {
        let both = lockstep.initial(input);
        for (const event of sequence) if (both) both = lockstep.step(both, event) ?? both;
      }),
      { numRuns: 80 },
    );
  });

  it('charts that nobody would draw', () => {
    const types = ['A', 'B', 'C.x', 'C.y', 'C.x.z', 'D', 'after'];
    fc.assert(
      fc.property(shapes, fc.array(fc.constantFrom(...types), { maxLength: 8 }), (shape, sequence) => {
        const machine = machineOf(shape);
        const lockstep = new Lockstep(machine);
        let both = lockstep.initial();
        for (const type of sequence) {
          if (!both) return;
          const timer = both.effects.find((effect) => effect.kind === 'setTimer')?.event;
          both = lockstep.step(both, type === 'after' && timer ? timer : { type });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes on from a snapshot that was restored', () => {
    for (const name of ['nested', 'parallel', 'timers'] as const) {
      const { machine, events } = CHARTS[name] as (typeof CHARTS)[string];
      const lockstep = new Lockstep(machine);
      let both = lockstep.initial();
      for (const event of [...events, ...events]) {
        expect(both).toBeDefined();
        if (!both) return;
        const kept = JSON.parse(JSON.stringify(machine.getPersistedSnapshot(both.compiled as never)));
        const restored = machine.restoreSnapshot(kept, {} as never);
        lockstep.step({ ...both, interpreted: restored, compiled: restored }, event);
        both = lockstep.step(both, event);
      }
    }
  });
});
