import { type Address, inRole, type Protocol } from '@synod/protocol';
import { Processes } from '../../../test/support/processes.ts';
import { HEART, watchers } from '../cluster.ts';
import type { DetectorContext, DetectorInput } from '../context.ts';
import { specification } from '../specification.ts';

export const [q1, q2, q3]: readonly Address[] = ['detector@q1', 'detector@q2', 'detector@q3'];

/** A process, and three detectors that watch it; its first heartbeat is on the way. */
export class Watch extends Processes {
  constructor(input: Partial<DetectorInput> = {}) {
    super();
    for (const { address, role, input: given = {} } of watchers(3, input))
      this.add(address, role, specification.roles[role] as Protocol, given);
  }

  context(address: Address): DetectorContext {
    const found = inRole<DetectorContext>(this.views, 'detector').find(({ actor }) => actor === address);
    if (!found) throw new Error(`no ${address}`);
    return found.context;
  }

  /** Where each detector stands. */
  get judged(): readonly (string | undefined)[] {
    return [q1, q2, q3].map((each) => this.states[each as Address]);
  }

  /** A heartbeat that all get. */
  beat(): this {
    this.timeout(HEART, 'heartbeatInterval');
    this.settle();
    return this;
  }

  /** No heartbeat in time at these; what they say of it arrives. */
  silence(...addresses: readonly (Address | undefined)[]): this {
    for (const each of addresses) this.timeout(each as Address, 'timeout');
    this.settle();
    return this;
  }
}
