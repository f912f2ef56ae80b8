import { createEngine, nextRandom, step } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { raftMachine } from '../machine.ts';
import { register, request } from './builders.ts';
import { Cluster, type Happening, Historian } from './cluster.ts';
import { engine, journal, type Outcome, type Snapshot } from './support.ts';

// §1 of the design: a machine is a pure function, so that a host can fork, replay and compare worlds.

const text = ({ value, context }: Snapshot) => JSON.stringify([value, context]);

/** Freezes a value and all that it holds, chart and schema left out. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}

interface Recorded extends Required<Pick<Outcome, 'stepped' | 'effects'>> {
  readonly before: string;
  readonly after: string;
}

/** A long run with an election, commands, losses, doubles, crashes and three leaders; everything in it frozen as it comes. */
function record(): Recorded[] {
  const recorded: Recorded[] = [];
  const historian = new Historian();
  const watch = (happening: Happening) => {
    const { server, outcome } = happening;
    historian.watch(happening);
    if (!outcome.stepped) return;
    freeze(server.snapshot.context);
    freeze(server.snapshot.value);
    freeze(outcome.effects);
    const { stepped, effects } = outcome;
    recorded.push({ stepped, effects, before: text(stepped.snapshot), after: text(server.snapshot) });
  };
  const cluster = new Cluster({ maxEntries: 2, maxSessions: 1, watch });
  let random = 7;
  const draw = (below: number) => {
    const [value, next] = nextRandom(random);
    random = next;
    return Math.floor(value * below);
  };
  for (const [round, node] of ['n1', 'n2', 'n3', 'n1'].entries()) {
    if (cluster.leader) cluster.restart(cluster.leader.self.split('@')[1] as string);
    cluster.timeout(node);
    cluster.timeout(node);
    cluster.settle();
    cluster.ask(node, register);
    for (let i = 0; i < 40; i++) {
      if (i % 8 === 0) cluster.ask(node, request(`${round}.${i}`, i, 2 + round));
      if (i % 10 === 0) cluster.heartbeat(node);
      if (i % 7 === 0) cluster.duplicate(draw(cluster.network.length));
      if (i % 11 === 0) cluster.drop((_, index) => index === 0);
      cluster.deliver(draw(cluster.network.length));
    }
    cluster.settle();
  }
  expect(historian.applied).toBeGreaterThan(20);
  return recorded;
}

describe('a server is a pure function of its state and an event', () => {
  const recorded = record();

  it('changes nothing that it was given, though all of it was frozen', () => {
    expect(recorded.length).toBeGreaterThan(200);
    for (const { stepped, before } of recorded) expect(text(stepped.snapshot)).toBe(before);
  });

  it.each([
    ['the same engine', engine],
    ['another engine', createEngine(raftMachine(journal))],
  ] as const)('comes to the same state and effects again, in %s', (_, again) => {
    for (const { stepped, effects, after, before } of recorded) {
      for (let i = 0; i < 2; i++) {
        const result = step(again, stepped.snapshot, stepped.event);
        expect(text(result.snapshot)).toBe(after);
        expect(result.effects).toEqual(effects);
      }
      expect(text(stepped.snapshot)).toBe(before);
    }
  });

  it('in whatever order states are taken up again', () => {
    for (const { stepped, effects } of recorded.toReversed()) {
      expect(step(engine, stepped.snapshot, stepped.event).effects).toEqual(effects);
    }
  });

  it('starts the same from the same input', () => {
    const input = { self: 'raft@n1', peers: ['raft@n2', 'raft@n3'], seed: 5 } as const;
    const [a, b] = [engine.initial(input), engine.initial(input)];
    expect(text(a.snapshot)).toBe(text(b.snapshot));
    expect(a.effects).toEqual(b.effects);
  });
});
