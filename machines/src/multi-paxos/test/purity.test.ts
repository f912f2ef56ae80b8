import { createEngine, step } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { StateMachine } from '../../replicated/index.ts';
import { replicaMachine } from '../machine.ts';
import { play } from './random-schedules.ts';
import { journal, type Outcome, protocol, type Snapshot } from './support.ts';

// A machine is a pure function, so that a host can fork, replay and compare worlds.

const text = ({ value, context }: Snapshot) => JSON.stringify([value, context]);

/** Freezes a value and all that it holds. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}

type Recorded = Required<Pick<Outcome, 'stepped' | 'effects'>> & { readonly before: string; readonly after: string };

/** Random schedules, everything in them frozen as it comes. */
function record(): Recorded[] {
  const recorded: Recorded[] = [];
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    play(seed, 150, {
      maxEntries: 2,
      watch: ({ snapshot }, { stepped, effects }) => {
        freeze(snapshot.context);
        freeze(effects);
        if (stepped) recorded.push({ stepped, effects, before: text(stepped.snapshot), after: text(snapshot) });
      },
    });
  }
  return recorded;
}

describe('a replica is a pure function of its state and an event', () => {
  const recorded = record();

  it('changes nothing that it was given, though all of it was frozen', () => {
    expect(recorded.length).toBeGreaterThan(400);
    for (const { stepped, before } of recorded) expect(text(stepped.snapshot)).toBe(before);
  });

  it.each([
    ['the same chart', createEngine(protocol.machine)],
    ['another one', createEngine(replicaMachine(journal as unknown as StateMachine))],
  ] as const)('comes to the same state and effects again, in %s, in whatever order', (_, again) => {
    for (const { stepped, effects, after } of recorded.toReversed()) {
      const result = step(again, stepped.snapshot as never, stepped.event);
      expect(text(result.snapshot)).toBe(after);
      expect(result.effects).toEqual(effects);
    }
  });
});
