import type { ChartState } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { machineAdapter } from '../../src/play/machine-adapter.ts';
import { play } from '../../src/play/play.ts';
import type { Pending, World } from '../../src/subject.ts';
import type { Stimulus, TestStep } from '../../src/test-case.ts';
import { createSubject } from '../../src/world/subject.ts';
import { samples } from './machines.ts';

/** Numbers choose what happens next, so that a failing run shrinks. */
const choices = fc.array(fc.tuple(fc.nat(1_000), fc.nat(1_000)), { maxLength: 24, size: 'max' });

function stimulusOf(pending: Pending): Stimulus {
  switch (pending.kind) {
    case 'wait':
      return { wait: pending.ms };
    case 'done':
      return { done: pending.actor.path, output: 7 };
    case 'fail':
      return { fail: pending.actor.path, error: new Error('failed') };
    case 'relay':
      return { relay: pending.actor.path, event: { type: 'HELLO' } };
    case 'next':
      return { next: pending.actor.path, value: 3 };
  }
}

const refsOf = (state: ChartState): string[] => [
  ...state.transitions.map(({ ref }) => ref),
  ...state.states.flatMap(refsOf),
];

describe('a subject does what XState does', () => {
  it.each(samples)('$name', async ({ machine, events, input, never = [] }) => {
    // XState says so where an event comes too late for an actor.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const subject = createSubject(machine);
    const possible = (world: World): Stimulus[] => [
      ...events.map((event) => ({ send: event })),
      ...subject.pending(world).map(stimulusOf),
      { wait: 7 },
    ];
    const untaken = new Set([...subject.charts.values()].flatMap(({ root }) => refsOf(root)));
    await fc.assert(
      fc.asyncProperty(choices, async (drawn) => {
        const start = subject.start(input);
        let { world } = start;
        const steps: TestStep[] = [];
        for (const { transition } of start.transitions) untaken.delete(transition);
        for (const [which] of drawn) {
          if (world.status !== 'active') break;
          const all = possible(world);
          const stimulus = all[which % all.length] as Stimulus;
          const taken = subject.step(world, stimulus);
          const { output, ...seen } = taken.seen;
          steps.push({ ...stimulus, ...seen, ...(output !== undefined && { result: output }) });
          world = taken.world;
          for (const { transition } of taken.transitions) untaken.delete(transition);
        }
        await play(machineAdapter(machine), { input, start: start.seen, steps });
      }),
      { seed: 1, numRuns: 140 },
    );
    // What is never taken is never compared.
    expect([...untaken].sort()).toEqual(never);
    expect(subject.start(input).world.key).toBe(subject.start(input).world.key);
  });
});
