import type { Address, MemberChanged, TraceEvent } from '@synod/protocol';
import type { Cluster } from './cluster.ts';

/**
 * Who looks at a trace late has missed what the membership actor told of each member, and the actor's own context is too large to go with
 * a trace: the latest of each is told again.
 */
export function* toldOfMembers(
  actor: Address,
  { members, gone }: Pick<Cluster, 'members' | 'gone'>,
): Iterable<TraceEvent> {
  for (const member of [...members, ...gone]) {
    const event: MemberChanged = { type: 'memberChanged', member, before: member.status };
    yield { type: 'emit', actor, event };
  }
}
