import type { NodeView, Property } from '@synod/protocol';
import { compare, isUp } from './claims.ts';
import type { SwimContext } from './context.ts';
import { retransmissions } from './rumors.ts';

type View = NodeView<SwimContext>;

/** What SWIM promises in every state. */
export const swimProperties: readonly Property<SwimContext>[] = [
  {
    name: 'Own Incarnation',
    source: '§4.2: the incarnation number of a member can only be incremented by itself',
    kind: 'always',
    holds: (nodes) => {
      const own = new Map(nodes.map(({ node, context }) => [node, context.incarnation]));
      return nodes.every(({ context }) =>
        context.members.every(({ node, incarnation }) => incarnation <= (own.get(node) ?? Number.POSITIVE_INFINITY)),
      );
    },
  },
  {
    name: 'News Only',
    source: '§4.2: which message overrides which',
    kind: 'step',
    holds: (before: View, after: View) =>
      before.context.members === after.context.members ||
      before.context.members.every((held) => {
        const next = after.context.members.get(held.node);
        return next === undefined ? !isUp(held) : compare(next, held) >= 0;
      }),
  },
  {
    name: 'Self Alive',
    source: '§4.2: a member refutes what is said of it',
    kind: 'always',
    holds: (nodes) =>
      nodes.every(({ node, context }) => {
        const own = context.members.get(node);
        return (
          own !== undefined &&
          own.incarnation === context.incarnation &&
          (own.status === 'alive' || own.status === 'left')
        );
      }),
  },
  {
    name: 'Retransmit Limit',
    source: '§4.1: each update is piggy-backed λ log n times at most',
    kind: 'always',
    holds: (nodes) =>
      nodes.every(({ context: { rumors, settings, members } }) => {
        // Of all that were ever heard of: the limit shrinks with the group, what was told before does not.
        const limit = retransmissions({ settings, size: members.size });
        return rumors.every(({ sent }) => sent < Math.max(1, limit));
      }),
  },
  {
    name: 'Independent Confirmations',
    source: 'Lifeguard §IV-B',
    kind: 'always',
    holds: (nodes) =>
      nodes.every(({ context }) =>
        context.suspicions.every(({ confirmations }, node) => {
          const held = context.members.get(node);
          const accusers = held?.status === 'suspect' ? [held.by, ...confirmations] : confirmations;
          return new Set(accusers).size === accusers.length;
        }),
      ),
  },
  {
    name: 'Suspicion Has An End',
    source: '§4.2',
    kind: 'always',
    holds: (nodes) =>
      nodes.every(
        ({ context: { members, suspicions } }) =>
          suspicions.every((_, node) => members.get(node)?.status === 'suspect') &&
          members.every(({ status, node }) => status !== 'suspect' || suspicions.has(node)),
      ),
  },
];
