import { AssertionError, type NodeView, type Property, type Simulation } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { mergeCoverage, type Schedule, simulate } from '../src/index.ts';
import { specification as toys } from './fixtures/toys.mjs';
import { only, silent, ticker } from './support.ts';

const second = { seconds: 1, faults: [] } as const;
const alone = [{ address: 'ticker@n1', role: 'ticker' }] as const;

const property = (holds: (nodes: readonly NodeView[]) => boolean): Property => ({
  name: 'P',
  source: 'test',
  kind: 'always',
  holds,
});

describe('a run without faults', () => {
  it('keeps every promise, and stops once the healed cluster has made progress', () => {
    const { violations, simulatedSeconds } = simulate(toys, { seconds: 10, faults: [] });
    expect({ violations, simulatedSeconds }).toEqual({ violations: [], simulatedSeconds: 10 });
  });

  it('counts the transitions that each role took, and those it did not', () => {
    const { coverage } = simulate(toys, { seconds: 10, faults: [] });
    expect(coverage.transitions.beacon).toEqual({
      taken: [
        'beacon.follower#Beacon[0]',
        'beacon.follower#xstate.after.silence.beacon.follower[0]',
        'beacon.leader#xstate.after.interval.beacon.leader[0]',
      ],
      missing: ['beacon.leader#Beacon[0]'],
    });
    expect(coverage.sometimes).toEqual({ 'Another Leads': false });
  });

  it("counts clients' operations, and makes requests at their moments", () => {
    const { coverage, trace = [] } = simulate(toys, { ...second, simulation: 'registers', trace: true });
    const { invoked, returned, failed } = coverage.operations;
    expect(returned).toBeGreaterThan(100);
    expect(invoked - returned).toBeLessThanOrEqual(3);
    expect(failed).toBe(0);
    expect(trace.find((record) => record.type === 'receive' && record.actor === 'register@n1')).toMatchObject({
      at: 1,
      event: { type: 'Read', from: 'tester@c1', at: 1 },
    });
  });
});

describe('a run under faults', () => {
  it('breaks a promise that does not stand them, at a moment and by an actor', () => {
    const { violations, simulatedSeconds } = simulate(toys, { seed: 1, faults: ['partition'] });
    expect(violations).toEqual([
      expect.objectContaining({
        property: 'One Leader',
        kind: 'always',
        part: expect.stringMatching(/^beacon@n[23]$/),
      }),
    ]);
    expect(violations[0]?.atMs).toBe(simulatedSeconds * 1_000);
  });

  it('reaches what should come about sometimes', () => {
    const schedule: Schedule = [{ kind: 'crash', atMs: 1_000, forMs: 1_000, nodes: ['n1'] }];
    expect(simulate(toys, { seconds: 2, schedule }).coverage.sometimes).toEqual({ 'Another Leads': true });
  });

  it.each(['drop', 'delay', 'duplicate', 'reorder', 'partition', 'crash', 'pause', 'skew', 'disk'])(
    'keeps the promises that stand %s',
    (fault) => {
      for (let seed = 1; seed <= 3; seed++) {
        const result = simulate(toys, { seed, simulation: 'registers', seconds: 20, faults: { [fault]: 'high' } });
        expect(result.violations).toEqual([]);
        expect(result.schedule.length).toBeGreaterThan(3);
        expect(result.coverage.operations.returned).toBeGreaterThan(100);
      }
    },
  );

  it('loses at a crash what is not durable: a register that forgets goes back to an earlier version', () => {
    const schedule: Schedule = [{ kind: 'crash', atMs: 500, forMs: 100, nodes: ['n1'] }];
    const versions = (mutant?: string) => {
      const run = simulate(toys, {
        simulation: 'registers',
        seconds: 1,
        schedule,
        trace: true,
        ...(mutant && { mutant }),
      });
      return (run.trace ?? []).flatMap((record) =>
        record.type === 'spawn' && record.actor === 'register@n1'
          ? [(record.context as { store: { version: number } }).store.version]
          : [],
      );
    };
    const [start, later = 0] = versions();
    expect([start, later > 20]).toEqual([0, true]);
    expect(versions('forgets')).toEqual([0, 0]);
  });

  it('lets stable nodes alone', () => {
    const { trace = [] } = simulate(toys, {
      simulation: 'registers',
      seconds: 3,
      trace: true,
      schedule: [
        { kind: 'crash', atMs: 500, forMs: 500, nodes: ['c1', 'n1'] },
        { kind: 'partition', atMs: 1_500, forMs: 500, between: { shape: 'isolate', node: 'n1' } },
      ],
    });
    expect(trace.filter(({ type }) => type === 'crash').map(({ node }) => node)).toEqual(['n1']);
    expect(trace.some(({ type, node, at }) => type === 'deliver' && node === 'n1' && at > 1_600 && at < 1_900)).toBe(
      true,
    );
  });

  it('can crash a node in the middle of its sends', () => {
    const lost = (cutsSends: boolean) =>
      [1, 2, 3, 4, 5].reduce((sum, seed) => {
        const schedule: Schedule = [{ kind: 'crash', atMs: 100.3, forMs: 50, nodes: ['n1'], cutsSends }];
        const { trace = [] } = simulate(toys, { seed, nodes: 7, seconds: 0.2, schedule, trace: true });
        return sum + trace.filter((record) => record.type === 'drop' && record.from === 'beacon@n1').length;
      }, 0);
    expect(lost(false)).toBe(0);
    expect(lost(true)).toBeGreaterThan(5);
  });

  it('finds the busiest node when the fault begins', () => {
    const schedule: Schedule = [{ kind: 'crash', atMs: 2_000, forMs: 100, nodes: ['*busiest'] }];
    const { trace = [] } = simulate(toys, { nodes: 5, seconds: 2.05, schedule, trace: true });
    expect(trace.find(({ type }) => type === 'crash')?.node).toBe('n1');
  });
});

describe('the healed cluster', () => {
  it('must make the progress that it promises, within its time', () => {
    const { violations } = simulate(toys, { simulation: 'registers', mutant: 'mute', ...second });
    expect(violations).toEqual([
      expect.objectContaining({ property: 'ten operations return', kind: 'progress', atMs: 6_000 }),
    ]);
  });

  it('must bring about what is promised to come about', () => {
    const never: Property = { name: 'Never', source: 'test', kind: 'eventually', holds: () => false };
    const { violations } = simulate(only({ ticker }, alone, { properties: [never] }), second);
    expect(violations).toEqual([expect.objectContaining({ property: 'Never', kind: 'eventually' })]);
  });

  it('has all its nodes up, and no fault in force', () => {
    const schedule: Schedule = [
      { kind: 'crash', atMs: 100, forMs: 9_000, nodes: ['n1'] },
      { kind: 'pause', atMs: 100, forMs: 9_000, nodes: ['n2'] },
      { kind: 'drop', atMs: 100, forMs: 9_000, chance: 1 },
      { kind: 'disk', atMs: 100, forMs: 9_000, nodes: ['n3'], mode: 'full' },
    ];
    const { configure, ...rest } = toys.simulations[0] as (typeof toys.simulations)[number];
    const lax = {
      ...rest,
      configure: (size: Parameters<typeof configure>[0]) => ({ ...configure(size), properties: [] }),
    };
    const result = simulate({ ...toys, simulations: [lax] }, { seconds: 1, schedule });
    expect(result.violations).toEqual([]);
  });
});

describe('properties', () => {
  it('are asked of the first state', () => {
    const { violations } = simulate(only({ ticker }, alone, { properties: [property(() => false)] }), second);
    expect(violations).toEqual([expect.objectContaining({ property: 'P', kind: 'always', atMs: 0 })]);
  });

  it('of steps see what it was and what it came to', () => {
    const { violations } = simulate(toys, { simulation: 'registers', seconds: 1, faults: [] });
    expect(violations).toEqual([]);
    const stepProperty: Property = {
      name: 'S',
      source: 'test',
      kind: 'step',
      holds: (a, b) => a.context === b.context,
    };
    const simulation = toys.simulations[1] as (typeof toys.simulations)[number];
    const strict = {
      ...simulation,
      configure: (size: { nodes: number; clients: number }) => ({
        ...simulation.configure(size),
        properties: [stepProperty],
      }),
    };
    const broken = simulate({ ...toys, simulations: [strict] }, second).violations;
    expect(broken).toEqual([expect.objectContaining({ property: 'S', kind: 'step' })]);
  });

  it('of a machine that throws bear its message', () => {
    const { violations } = simulate(toys, { simulation: 'registers', mutant: 'fragile', seconds: 60, faults: [] });
    expect(violations).toEqual([
      expect.objectContaining({
        property: 'the register is worn out after 50',
        kind: 'assertion',
        part: 'register@n1',
      }),
    ]);
  });

  it('that throw are named, as mistakes of the specification', () => {
    const throws = property(() => {
      throw new AssertionError('oops');
    });
    expect(() => simulate(only({ ticker }, alone, { properties: [throws] }), second)).toThrow(
      expect.objectContaining({ code: 'PROPERTY_FAILED', message: expect.stringContaining('"P" threw "oops"') }),
    );
  });
});

describe("clients' history", () => {
  it('is judged at the end: it must be that of one object', () => {
    const { historyJudged, violations, coverage } = simulate(toys, { ...second, simulation: 'registers' });
    expect([historyJudged, violations]).toEqual([true, []]);
    expect(coverage.operations.returned).toBeGreaterThan(0);
  });

  it('that no object could have is told with its smallest part, drawn', () => {
    const registers = toys.simulations.find(({ name }) => name === 'registers') as Simulation;
    const deaf: Simulation = {
      ...registers,
      configure: (size) => ({
        ...registers.configure(size),
        object: { initial: '', apply: (state: unknown) => [state, 'something else'] },
      }),
    };
    const { violations } = simulate({ ...toys, simulations: [deaf] }, second);
    expect(violations).toEqual([
      expect.objectContaining({
        property: 'Linearizability',
        kind: 'history',
        message: expect.stringContaining('Not linearizable'),
        drawing: expect.stringContaining('time'),
      }),
    ]);
  });
});

describe('what cannot be run is refused, naming the part', () => {
  it.each([
    [{ seed: 1.5 }, 'SIMULATION_INVALID', /seed 1\.5/],
    [{ seconds: 0 }, 'SIMULATION_INVALID', /seconds 0/],
    [{ nodes: 99 }, 'SIMULATION_INVALID', /nodes 99; give a whole number from 1 to 7/],
    [{ clients: 1 }, 'SIMULATION_INVALID', /clients 1/],
    [{ simulation: 'x' }, 'SIMULATION_INVALID', /one of beacons, registers/],
    [{ mutant: 'x' }, 'SIMULATION_INVALID', /one of forgets, fragile, mute/],
    [{ faults: ['fire'] }, 'FAULT_UNKNOWN', /fire/],
    [{ requests: [0] }, 'SIMULATION_INVALID', /request 0; give none/],
    [{ simulation: 'registers', requests: [0, 1] }, 'SIMULATION_INVALID', /request 1; give indices from 0 to 0/],
    [{ network: { loss: 2 } }, 'SIMULATION_INVALID', /network\.loss/],
    [{ network: { duplicates: Number.NaN } }, 'SIMULATION_INVALID', /network\.duplicates/],
    [{ network: { latency: { minMs: 5, maxMs: 1 } } }, 'SIMULATION_INVALID', /network\.latency: minMs must not/],
    [{ network: { latency: { minMs: 1, maxMs: 5, tail: 1e9 } } }, 'SIMULATION_INVALID', /network\.latency\.tail/],
    [{ network: { bytesPerSecond: -1 } }, 'SIMULATION_INVALID', /network\.bytesPerSecond/],
    [{ network: { links: [{ from: 'n1', to: 'n9' }] } }, 'SIMULATION_INVALID', /links\.0 names node "n9".*n1, n2, n3/],
    [{ disk: { syncMs: [5, 1] } as const }, 'SIMULATION_INVALID', /disk\.syncMs: the smaller one comes first/],
  ])('%j', (options, code, part) => {
    expect(() => simulate(toys, options)).toThrow(expect.objectContaining({ code }));
    expect(() => simulate(toys, options)).toThrow(part);
  });

  it('a specification without simulations', () => {
    expect(() => simulate({ ...toys, simulations: [] })).toThrow(/toys has no simulation/);
  });

  it('a machine for which time never goes on', () => {
    const spinning = silent(
      setup({ delays: { none: 0 } }).createMachine({
        id: 'spinning',
        initial: 'round',
        states: { round: { after: { none: { target: 'round', reenter: true } } } },
      }),
    );
    const specification = only({ spinning }, [{ address: 'spinning@n1', role: 'spinning' }]);
    expect(() => simulate(specification, second)).toThrow(expect.objectContaining({ code: 'SIMULATION_STUCK' }));
  });

  it.each([
    ['two members at one address', { members: [...alone, ...alone] as const }, /two members at ticker@n1/],
    ['a member of no role', { members: [{ address: 'a@n1', role: 'x' }] as const }, /a@n1 is of role "x"/],
    [
      'a request to no member',
      { requests: [{ to: 'b@n1', event: { type: 'e' }, atMs: 1 }] as const },
      /Request 0 is to b@n1/,
    ],
  ])('%s', (_, wrong, part) => {
    const specification = only({ ticker }, 'members' in wrong ? wrong.members : alone, wrong);
    expect(() => simulate(specification, second)).toThrow(part);
  });
});

describe('coverage of several runs', () => {
  it('is what any of them has shown', () => {
    const calm = simulate(toys, { seconds: 2, faults: [] }).coverage;
    const schedule: Schedule = [{ kind: 'crash', atMs: 1_000, forMs: 1_000, nodes: ['n1'] }];
    const rough = simulate(toys, { seconds: 3, schedule }).coverage;
    for (const both of [mergeCoverage(calm, rough), mergeCoverage(rough, calm)]) {
      expect(both.transitions.beacon?.taken).toEqual(
        [...new Set([...(calm.transitions.beacon?.taken ?? []), ...(rough.transitions.beacon?.taken ?? [])])].sort(),
      );
      expect(both.sometimes).toEqual({ 'Another Leads': true });
    }
  });
});
