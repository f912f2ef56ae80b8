import { initialMembers, type SwimInput, specification as swim } from '@synod/machines/swim';
import type { Address, Specification } from '@synod/protocol';

/** The protocol period of all runs, in milliseconds. */
export const PERIOD_MS = 1_000;

/** From the ping to the suspicion where no answer comes: the rest of the period, which began with the ping (§3.1). */
export const PROBE_MS = PERIOD_MS;

export const nodeNames = (members: number): string[] => Array.from({ length: members }, (_, index) => `n${index + 1}`);

/** SWIM on members that know each other from the start, with nothing promised: what is measured are the events. */
export function cluster(settings: Partial<SwimInput>): Specification {
  return {
    ...swim,
    simulations: [
      {
        name: 'measured',
        about: 'Members that know each other from the start.',
        nodes: { default: 10, min: 2, max: 10_000 },
        clients: { default: 0, min: 0, max: 0 },
        configure: ({ nodes }) => {
          const input = { ...initialMembers(nodeNames(nodes)), periodMs: PERIOD_MS, ...settings };
          return {
            members: nodeNames(nodes).map((node) => ({
              address: `swim@${node}` satisfies Address,
              role: 'member',
              input,
            })),
            properties: [],
            progress: { about: 'nothing more', withinMs: 1, holds: () => true },
          };
        },
      },
    ],
  };
}
