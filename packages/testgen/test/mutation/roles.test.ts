import type { Specification } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { mutationScore } from '../../src/mutation/score.ts';
import { casesOf } from '../../src/protocols/cases.ts';

/** All roles take five minutes; by default some that are done in a second. */
const ALL = process.env.TESTGEN === 'all';
const DEFAULT = ['paxos acceptor', 'two-phase-commit resource', 'two-phase-commit transactionManager', 'raft client'];

/** Of every role, the mutants that tests of pair coverage let live, and why. */
const SURVIVORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'raft server': {
    'raft → follower on any event when seesHigherTerm: does not adoptTerm':
      'equivalent: the message is handled again by the follower, which adopts the term',
  },
  'raft client': {},
  'multi-paxos replica': {},
  'multi-paxos client': {},
  'paxos proposer': {},
  'paxos acceptor': {},
  'paxos learner': {},
  'two-phase-commit coordinator': {},
  'two-phase-commit participant': {},
  'two-phase-commit resource': {},
  'two-phase-commit transactionManager': {},
  'two-phase-commit resourceManager': {},
  'three-phase-commit coordinator': {},
  'three-phase-commit participant': {
    'preCommit.judging → abort always when areAllUncertain: is gone':
      'TR3 is asked in preCommit too, where it never applies: who judges there is not uncertain',
    'preCommit.judging → abort always when areAllUncertain: leads to init': 'the same',
    'preCommit.judging → abort always when areAllUncertain: does not sendAbort': 'the same',
  },
  'three-phase-commit quorumCoordinator': {
    'init → abort always when hasAborted: is gone':
      'one that aborted before its PreCommit aborts again, since it had started; it takes one that aborted after it',
  },
  'three-phase-commit quorumParticipant': {},
  'heartbeat-detector detector': {},
  'heartbeat-detector heart': {},
  'phi-accrual detector': {},
  'phi-accrual heart': {},
  'swim member': {
    'member.detector.probing.indirect → member.detector.probing.answered always when isAnswered: leads to member.detector.probing.direct':
      'equivalent: direct goes on to answered by the same guard',
  },
  'gossip rumor': {},
  'gossip replica': {
    'gossiping → gossiping after gossipInterval: leads to alone':
      'equivalent: alone goes on to gossiping, since it has peers',
  },
};

const roles = Object.keys(SURVIVORS).map((key) => {
  const [name = '', role = ''] = key.split(' ');
  return { name, role, survivors: Object.keys(SURVIVORS[key] ?? {}) };
});

const specificationOf = async (name: string): Promise<Specification> =>
  ((await import(`@synod/machines/${name}`)) as { readonly specification: Specification }).specification;

describe('the mutation score of a role at pair coverage', () => {
  it.each(roles.filter(({ name, role }) => ALL || DEFAULT.includes(`${name} ${role}`)))(
    'is 95 % or more, and nothing but what is explained lives: $role of $name',
    async ({ name, role, survivors }) => {
      const { subject, payloads, sometimes } = casesOf(await specificationOf(name), role);
      const report = await mutationScore(subject, {
        coverage: ['pairs'],
        bounds: { values: 12 },
        payloads,
        sometimes,
      });
      expect(report.survivors.map(({ mutant }) => mutant.description)).toEqual(survivors);
      for (const { score } of report.scores) expect(score).toBeGreaterThanOrEqual(0.95);
    },
    300_000,
  );

  it('is of every role that there is', async () => {
    const names = new Set(roles.map(({ name }) => name));
    for (const each of names) {
      const { roles: all } = await specificationOf(each);
      expect(roles.filter(({ name }) => name === each).map(({ role }) => role)).toEqual(Object.keys(all));
    }
  });
});
