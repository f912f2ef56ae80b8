import type { Specification } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { generateTests } from '../../src/generate.ts';
import type { Implementation } from '../../src/implementation.ts';
import { machineAdapter } from '../../src/play/machine-adapter.ts';
import { play } from '../../src/play/play.ts';
import { casesOf, machineOf } from '../../src/protocols/cases.ts';
import { writeTests } from '../../src/write/file.ts';

/** All roles take a minute; by default some that differ most. */
const ALL = process.env.TESTGEN === 'all';
const BOUNDS = ALL ? { worlds: 3_000, patience: 1_500 } : { worlds: 200, patience: 150 };

/** Of each specification its roles, and those that are tested by default. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  raft: ['server', 'client'],
  'multi-paxos': ['replica', 'client'],
  paxos: ['proposer', 'acceptor', 'learner'],
  'two-phase-commit': ['coordinator', 'participant', 'resource', 'transactionManager', 'resourceManager'],
  'three-phase-commit': ['coordinator', 'participant', 'quorumCoordinator', 'quorumParticipant'],
  'heartbeat-detector': ['detector', 'heart'],
  'phi-accrual': ['detector', 'heart'],
  swim: ['member'],
  gossip: ['rumor', 'replica'],
};
const DEFAULT = ['raft server', 'paxos acceptor', 'three-phase-commit participant', 'heartbeat-detector detector'];

// Loaded before the tests: it takes longer than most of them.
const specifications = new Map<string, Specification>();
for (const name of Object.keys(ROLES))
  specifications.set(name, (await import(`@synod/machines/${name}`)).specification);
const specificationOf = (name: string): Specification => specifications.get(name) as Specification;

const cases = Object.entries(ROLES)
  .flatMap(([name, roles]) => roles.map((role) => ({ name, role })))
  .filter(({ name, role }) => ALL || DEFAULT.includes(`${name} ${role}`));

describe('tests of a role of a protocol', () => {
  it.each(cases)('cover every transition of the $role of $name or tell why not, and pass', async ({ name, role }) => {
    const specification = specificationOf(name);
    const { subject, payloads, sometimes } = casesOf(specification, role);
    const { tests, coverage, unreached, ...rest } = generateTests(subject, {
      coverage: ['transitions', 'sometimes'],
      payloads,
      sometimes,
      bounds: BOUNDS,
    });
    const [transitions] = coverage;
    expect(transitions?.total).toBe(
      (transitions?.covered ?? 0) + unreached.filter(({ target }) => target.kind === 'transitions').length,
    );
    for (const { reason } of unreached) expect(reason).not.toBe('');
    // Nothing that a chart of ours can do is out of reach of more than a few tests.
    expect(transitions?.covered ?? 0).toBeGreaterThan(0.75 * (transitions?.total ?? 0));
    for (const test of tests) await play(machineAdapter(subject.machine, { hosted: true }), test);
    const { leftOut, source } = writeTests(
      { tests, coverage, unreached, thrown: rest.thrown },
      { module: `@synod/machines/${name}`, name: 'specification', role },
    );
    expect(leftOut).toEqual([]);
    expect(source).toContain(`const adapter = machineAdapter(machineOf(specification, '${role}'), { hosted: true });`);
  });

  it('are of every role that there is', async () => {
    for (const [name, roles] of Object.entries(ROLES)) {
      const specification = specificationOf(name);
      expect(Object.keys(specification.roles)).toEqual(roles);
      for (const role of roles) expect(machineOf(specification, role)).toBe(specification.roles[role]?.machine);
    }
  });

  it('have the cases of the specification beside what models and simulations send', async () => {
    const specification = specificationOf('gossip');
    const { subject, payloads } = casesOf(specification, 'replica');
    const alone = payloads.inputs.find((input) => !('peers' in (input as object)));
    expect(alone).toMatchObject({ self: 'gossip@n1' });
    const { world } = subject.start(alone);
    expect(world.value).toBe('alone');
    expect(payloads.events('gossip.peers', world, 8)).toContainEqual({ type: 'gossip.peers', peers: [], at: 0 });
  });

  it('tell a role of the end of a delay with its time, as hosts do', async () => {
    const { subject, payloads } = casesOf(specificationOf('swim'), 'member');
    // Settled, not answered within the ping timeout, nor within the period: the target is suspected at a time that the host tells.
    const steps = [{ wait: 628 }, { wait: 300 }, { wait: 700 }];
    let { world } = subject.start(payloads.inputs[0]);
    for (const step of steps) ({ world } = subject.step(world, step));
    expect(world.value).toMatchObject({ member: { detector: { probing: 'direct' } } });
    const run = machineAdapter(subject.machine, { hosted: true })() as Implementation;
    await run.start(payloads.inputs[0]);
    for (const { wait } of steps) await run.wait?.(wait);
    expect(await run.observe()).toMatchObject({ state: world.value });
    await run.stop?.();
  });

  it('name the roles where there is none of the name', async () => {
    const specification = specificationOf('paxos');
    expect(() => machineOf(specification, 'leader')).toThrow(
      'paxos has no role "leader"; choose one of proposer, acceptor, learner.',
    );
  });
});
