import { address, inRole, type Model, type NodeView, type Property } from '@synod/protocol';

const managers = (nodes: readonly NodeView[]) => inRole(nodes, 'resourceManager').map(({ value }) => value);

const properties: readonly Property[] = [
  {
    name: 'TCConsistent',
    source: 'Gray and Lamport §2, module TCommit',
    kind: 'always',
    holds: (nodes) => {
      const values = managers(nodes);
      return !(values.includes('committed') && values.includes('aborted'));
    },
  },
  {
    name: 'Commit is possible',
    source: 'Gray and Lamport §2',
    kind: 'sometimes',
    holds: (nodes) => managers(nodes).every((value) => value === 'committed'),
  },
  {
    name: 'Abort is possible',
    source: 'Gray and Lamport §2',
    kind: 'sometimes',
    holds: (nodes) => managers(nodes).every((value) => value === 'aborted'),
  },
];

/** The published numbers of states: of the TLA+ examples and of Stateright. */
const DISTINCT = [288, 1_568, 8_832, 50_816, 296_448];

export const grayLamport: Model = {
  name: 'gray-lamport',
  about: 'The module TwoPhase of Consensus on Transaction Commit: nobody fails, and messages are read but never taken.',
  nodes: { default: 3, min: 1, max: 10 },
  configure: (count) => {
    const tm = address('tm', 'tm');
    const rms = Array.from({ length: count }, (_, index) => address('rm', `rm${index + 1}`));
    return {
      members: [
        { address: tm, role: 'transactionManager', input: { resourceManagers: rms } },
        ...rms.map((rm) => ({ address: rm, role: 'resourceManager', input: { transactionManager: tm } })),
      ],
      requests: [
        { to: tm, event: { type: 'transactionManager.commit' }, times: 'always' },
        { to: tm, event: { type: 'transactionManager.abort' }, times: 'always' },
        ...rms.flatMap((to) => [
          { to, event: { type: 'resourceManager.prepare' }, times: 'always' as const },
          { to, event: { type: 'resourceManager.abort' }, times: 'always' as const },
        ]),
      ],
      network: { order: 'duplicating' },
      properties,
    };
  },
  expected: DISTINCT.map((distinct, index) => ({ nodes: index + 3, distinct, depth: 11 + 3 * index })),
};
