import { check, Explorer, type Run } from '@synod/checker';
import { specification as raft } from '@synod/machines/raft';
import { specification as swim } from '@synod/machines/swim';
import type { CheckConfiguration, Specification } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../src/cluster/cluster.ts';
import { rehearse } from '../../src/cluster/rehearse.ts';
import { coveredBy, sometimesId } from '../../src/cluster/targets.ts';

const explorerOf = ({ roles }: Specification, configuration: CheckConfiguration) =>
  new Explorer(configuration, roles, {
    labelsOf: (step) => coveredBy(step, roles[step.role] as never),
    labelOfProperty: sometimesId,
  });

const cases = [
  { specification: raft, model: 'election', nodes: 2 },
  { specification: raft, model: 'crashes', nodes: 2 },
  { specification: swim, model: 'crash', nodes: 2 },
] as const;

describe('the explorer', () => {
  it.each(cases)('sees every world of $model of $nodes that the checker sees', ({ specification, model, nodes }) => {
    const { configuration, roles } = clusterOf(specification, model, nodes);
    const { distinct } = check(configuration, roles, { symmetry: false, reduction: false });
    const { worlds, complete } = explorerOf(specification, configuration).explore();
    expect([worlds, complete]).toEqual([distinct, true]);
  });

  it.each(cases)('finds runs of $model that can be repeated to their ends', ({ specification, model, nodes }) => {
    const cluster = clusterOf(specification, model, nodes);
    const { runs } = explorerOf(specification, cluster.configuration).explore();
    expect(runs.size).toBeGreaterThan(10);
    for (const [label, { steps }] of runs) {
      const { repeated, covers } = rehearse(cluster, steps);
      expect([label, repeated]).toEqual([label, steps.length]);
      expect(covers.flat()).toContain(label);
    }
  });

  it.each(cases)('finds the shortest runs of $model: as long as the checker’s', ({ specification, model, nodes }) => {
    const { configuration, roles } = clusterOf(specification, model, nodes);
    const { properties } = check(configuration, roles, { symmetry: false, reduction: false });
    const { runs } = explorerOf(specification, configuration).explore();
    const reached = properties.filter(({ kind, verdict }) => kind === 'sometimes' && verdict === 'holds');
    expect(reached.length).toBeGreaterThan(0);
    for (const { name, trace } of reached) expect(runs.get(sometimesId(name))?.steps.length).toBe(trace?.steps.length);
  });

  it('goes on from the end of a run, to what is nearest', () => {
    const { configuration } = clusterOf(raft, 'election', 2);
    const explorer = explorerOf(raft, configuration);
    const from = explorer.explore().runs.get(sometimesId('A leader is elected')) as Run;
    const wanted = new Set(['server AppendEntries in raft.follower', 'server AppendEntriesReply in raft.leader.idle']);
    const { runs } = explorer.explore({ from, wanted, first: true });
    expect([...runs.keys()]).toEqual(['server AppendEntries in raft.follower']);
    const [next] = [...runs.values()];
    expect(next?.steps.slice(0, from.steps.length)).toEqual(from.steps);
    expect(next?.steps.length).toBe(from.steps.length + 1);
  });

  it('stops at its bounds, and says that it has not seen everything', () => {
    const { configuration } = clusterOf(raft, 'election', 3);
    const explorer = explorerOf(raft, configuration);
    expect(explorer.explore({ maxWorlds: 50 }).complete).toBe(false);
    const { runs, complete } = explorer.explore({ maxSteps: 2 });
    expect(complete).toBe(false);
    expect(Math.max(...[...runs.values()].map(({ steps }) => steps.length))).toBe(2);
  });
});
