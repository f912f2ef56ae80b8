import type { Address, Protocol } from '@synod/protocol';
import { Processes } from '../../../test/support/processes.ts';
import { specification } from '../specification.ts';

export const coordinator: Address = 'coordinator@c';

/** One transaction that takes 1 from an account of each node, whose messages and timeouts go as a test says. */
export class Transaction extends Processes {
  constructor(count = 2, balance = 1) {
    super();
    const { roles } = specification;
    const nodes = Array.from({ length: count }, (_, index) => `p${index + 1}`);
    const participants = nodes.map((node): Address => `participant@${node}`);
    this.add(coordinator, 'coordinator', roles.coordinator as Protocol, { participants });
    for (const node of nodes) {
      const resource: Address = `resource@${node}`;
      this.add(resource, 'resource', roles.resource as Protocol, { balances: { a: balance } });
      const input = { participants, coordinator, resource, operations: { a: -1 } };
      this.add(`participant@${node}`, 'participant', roles.participant as Protocol, input);
    }
  }

  begin(): void {
    this.request(coordinator, 'coordinator.commit');
  }
}
