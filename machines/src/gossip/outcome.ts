import type { FactChanged, MembershipRefused, Outcome, SendEvent } from '@synod/protocol';
import type { ReplicaContext } from './context.ts';
import { type Change, type Life, lifeOf } from './facts.ts';
import type { ReplicaMessage } from './messages.ts';

/** What a replica's rules come to. */
export type Send = SendEvent<ReplicaMessage>;
export type ReplicaEmitted = FactChanged | MembershipRefused;
export type ReplicaOutcome = Outcome<ReplicaContext, Send | ReplicaEmitted>;

/** What went wrong, and what to do about it. */
export const refused = (code: string, text: string): MembershipRefused => ({ type: 'membershipRefused', code, text });

/** What an observer of the facts is told. */
export const changed = (node: string, changes: readonly Change[]): readonly FactChanged[] =>
  changes.map(({ key, value }) => ({ type: 'factChanged', node, key, value }));

/** The life of the owner that lives here. */
export const ownLife = ({ lives, owner, epoch }: ReplicaContext): Life => lives.get(owner) ?? lifeOf(epoch);
