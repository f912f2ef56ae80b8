import { inRole, type NodeView, type Simulation } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { initialMembers, type SwimContext, specification } from '../index.ts';

describe.each(['group', 'joining'])('%s', (simulation) => {
  it.each([1, 2, 3, 4, 5, 6])(
    'seed %i: no promise is broken under faults, and once they are over all agree',
    (seed) => {
      expect(simulate(specification, { simulation, seed, seconds: 60 }).violations).toEqual([]);
    },
  );
});

describe('a member that is gone for good', () => {
  const names = Array.from({ length: 40 }, (_, index) => `n${index + 1}`);
  const gone = 'n40';

  /** How many of the others hold it dead at most at a time, and how many remember it at the end. */
  function held(seconds: number): { dead: number; remembered: number } {
    let dead = 0;
    let remembered = 0;
    const input = { ...initialMembers(names), pushPullMs: 5_000, retentionMs: 40_000 };
    const simulation: Simulation = {
      name: 'gone',
      about: 'All but one are there.',
      nodes: { default: 40, min: 40, max: 40 },
      clients: { default: 0, min: 0, max: 0 },
      configure: () => ({
        members: names.slice(0, -1).map((node) => ({ address: `swim@${node}` as const, role: 'member', input })),
        properties: [
          {
            name: 'Counted',
            source: 'this test',
            kind: 'always',
            holds: (nodes: readonly NodeView[]) => {
              const claims = inRole<SwimContext>(nodes, 'member').map(({ context }) => context.members.get(gone));
              dead = Math.max(dead, claims.filter((claim) => claim?.status === 'dead').length);
              remembered = claims.filter((claim) => claim !== undefined).length;
              return true;
            },
          },
        ],
      }),
    };
    simulate({ ...specification, simulations: [simulation] }, { simulation: 'gone', seed: 2, seconds, faults: [] });
    return { dead, remembered };
  }

  it('is held dead by all others (§3.2), and forgotten in the end, though tables with it are exchanged meanwhile', () => {
    expect(held(160)).toEqual({ dead: names.length - 1, remembered: 0 });
  });
});
