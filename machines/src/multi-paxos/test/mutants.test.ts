import { AssertionError, type Protocol } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { StateMachine } from '../../replicated/index.ts';
import { mutantsOf } from '../mutants.ts';
import { Cluster } from './cluster.ts';
import { play } from './random-schedules.ts';
import { at, journal, protocol } from './support.ts';

const mutants = mutantsOf(journal as unknown as StateMachine);

/** What random schedules come across too seldom. */
const schedules: Readonly<Record<string, (cluster: Cluster) => void>> = {
  // n1 proposes x in a ballot of which nobody hears; n2 has y chosen in a higher one, and n1 asks n3 alone.
  'takes-lowest-ballot': (cluster) => {
    cluster.timeout('n1');
    cluster.settle();
    cluster.propose('n1', 'x');
    cluster.drop();
    cluster.timeout('n2');
    cluster.settle(({ to }) => to !== at('n1'));
    cluster.drop();
    cluster.propose('n2', 'y');
    cluster.settle(({ to, message }) => to === at('n3') && message.type === 'Accept');
    const answer = cluster.network.filter(({ message }) => message.type === 'Accepted');
    cluster.drop();
    cluster.heartbeat('n1');
    cluster.settle(({ to }) => to !== at('n2'));
    cluster.drop();
    cluster.timeout('n1');
    cluster.settle(({ to }) => to !== at('n2'));
    cluster.network = answer;
    cluster.settle();
  },
  // n2's promise of n1's first ballot comes when n1 prepares its second, and n2 has meanwhile accepted y of n3.
  'counts-late-answers': (cluster) => {
    cluster.timeout('n1');
    cluster.settle(({ to }) => to === at('n2'));
    const late = cluster.network.filter(({ message }) => message.type === 'Promise');
    cluster.drop();
    cluster.timeout('n3');
    cluster.settle(({ to }) => to !== at('n1'));
    cluster.propose('n3', 'y');
    cluster.settle(({ to }) => to !== at('n1'));
    cluster.drop();
    cluster.timeout('n1');
    cluster.drop();
    cluster.network = late;
    cluster.settle(({ message }) => message.type === 'Promise');
    cluster.propose('n1', 'x');
    cluster.settle(({ message }) => message.type !== 'Heartbeat');
  },
};

/** The first complaint over a schedule or many: a property's name, or what the machine itself asserts. */
function complaint(of: Protocol, runs: number, schedule?: (cluster: Cluster) => void): string | undefined {
  for (let seed = 1; seed <= runs; seed++) {
    const settings = { size: 3, window: [1, 2, 256][seed % 3] as number, of };
    try {
      const cluster = schedule ? new Cluster(settings) : play(seed, 200, settings);
      schedule?.(cluster);
      cluster.check();
      for (const node of cluster.nodes) {
        const { words } = cluster.replica(node);
        if (new Set(words).size < words.length) return 'linearizability';
      }
    } catch (error) {
      if (error instanceof AssertionError) return error.message;
      throw error;
    }
  }
  return undefined;
}

describe('each seeded mistake breaks what it is said to break', () => {
  it.each(mutants)('$name', ({ name, mutate, violates }) => {
    const broken = complaint(mutate(protocol as Protocol), 500, schedules[name]);
    expect(broken).toBeDefined();
    const properties = protocol.properties.map((property) => property.name);
    if (properties.includes(broken as string)) expect(violates).toContain(broken);
  });

  it.each([undefined, ...Object.values(schedules)])('and without it nothing is broken', (schedule) => {
    expect(complaint(protocol as Protocol, 100, schedule)).toBeUndefined();
  });
});
