import type { MemberStatus } from '@synod/protocol';
import * as v from 'valibot';

// Who is alive in the eyes of an actor, folded from what it emits: of any protocol that tells of members as
// `MemberChanged` in @synod/protocol says.

/** A member as an actor last told of it. */
export interface SeenMember {
  readonly status: MemberStatus;
  readonly incarnation: number;
}

/** Members by name. */
export type SeenMembers = Readonly<Record<string, SeenMember>>;

/** Members kept of one actor; a trace that names more is not trusted with our memory. */
export const MAX_MEMBERS = 1_000;

const memberChanged = v.object({
  type: v.literal('memberChanged'),
  member: v.object({
    node: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
    status: v.picklist(['alive', 'suspect', 'dead', 'left']),
    incarnation: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
});

/** What an actor sees after it emitted `event`; the same object when the event says nothing new of a member. */
export function withEmitted(seen: SeenMembers, event: { readonly type: string }): SeenMembers {
  if (event.type !== 'memberChanged') return seen;
  const read = v.safeParse(memberChanged, event);
  if (!read.success) return seen;
  const { node, status, incarnation } = read.output.member;
  const known = Object.hasOwn(seen, node) ? seen[node] : undefined;
  if (known?.status === status && known.incarnation === incarnation) return seen;
  if (!known && Object.keys(seen).length >= MAX_MEMBERS) return seen;
  return Object.assign(Object.create(null), seen, { [node]: { status, incarnation } });
}

export const nobodySeen: SeenMembers = Object.create(null) as SeenMembers;
