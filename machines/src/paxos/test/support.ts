import type { Address, Message, Protocol } from '@synod/protocol';
import { Processes } from '../../../test/support/processes.ts';
import { specification } from '../specification.ts';

export const [p1, p2] = ['proposer@p1', 'proposer@p2'] as const satisfies readonly Address[];
export const [a1, a2, a3] = ['acceptor@a1', 'acceptor@a2', 'acceptor@a3'] as const satisfies readonly Address[];
export const [l1, l2] = ['learner@l1', 'learner@l2'] as const satisfies readonly Address[];

/** Two proposers, three acceptors and two learners, whose messages and timeouts go as a test says. */
export class Ensemble extends Processes {
  constructor() {
    super();
    const [acceptors, proposers, learners] = [
      [a1, a2, a3],
      [p1, p2],
      [l1, l2],
    ] as const;
    const { roles } = specification;
    for (const each of acceptors) this.add(each, 'acceptor', roles.acceptor as Protocol, { learners });
    for (const each of proposers) this.add(each, 'proposer', roles.proposer as Protocol, { acceptors });
    for (const each of learners)
      this.add(each, 'learner', roles.learner as Protocol, { acceptors, proposers, learners });
  }

  propose(proposer: Address, value: string): void {
    this.take(proposer, { type: 'proposer.propose', value, at: 0 } as never);
  }

  /** What is on its way to `to`. */
  to(to: Address): readonly Message[] {
    return this.flying.filter((flying) => flying.to === to).map(({ message }) => message);
  }

  /** A field of an actor's context. */
  field(actor: Address, name: string): unknown {
    const view = this.views.find((each) => each.actor === actor);
    return (view?.context as Record<string, unknown> | undefined)?.[name];
  }
}
