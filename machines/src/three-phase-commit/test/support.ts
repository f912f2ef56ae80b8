import { type Address, nodeOf, type Protocol } from '@synod/protocol';
import { Processes } from '../../../test/support/processes.ts';
import { specification } from '../specification.ts';

export type { Flying } from '../../../test/support/processes.ts';

export const coordinator: Address = 'coordinator@c';

/** One transaction, whose messages and timeouts go as a test says. */
export class Transaction extends Processes {
  readonly participants: readonly Address[];

  constructor(count: number, kind: 'plain' | 'quorum' = 'plain', settings: object = {}) {
    super();
    this.participants = Array.from({ length: count }, (_, index): Address => `participant@p${index + 1}`);
    const [first, others] =
      kind === 'plain'
        ? (['coordinator', 'participant'] as const)
        : (['quorumCoordinator', 'quorumParticipant'] as const);
    const input = { participants: this.participants, ...settings };
    const { roles } = specification;
    this.add(coordinator, first, roles[first] as Protocol, input);
    for (const each of this.participants) this.add(each, others, roles[others] as Protocol, { ...input, coordinator });
  }

  /** By node: each has one process. */
  override get states(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(super.states).map(([address, state]) => [nodeOf(address as Address), state]),
    );
  }
}
