import { List, Map as map } from 'immutable';
import type { Update } from './messages.ts';

/**
 * A table of members that know each other from the start, in the place of their joins; give the same one to each as `members` and `order`, and they
 * share it for as long as it stays the same.
 */
export function initialMembers(nodes: readonly string[]) {
  const members = map<string, Update>(
    nodes.map((node) => [node, { status: 'alive', node, incarnation: 0, metadata: {} }]),
  );
  return { members, order: List(nodes) };
}
