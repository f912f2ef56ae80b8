import type { Groups } from '@synod/inspector';
import { SynodError } from '@synod/protocol';
import { nodeUnknown } from './refusals.ts';

const invalid = (text: string): SynodError => new SynodError('PARTITION_INVALID', text);

/**
 * Groups as a person writes them: `n1,n2|n3` or `n1..n5`, several arguments being several groups.
 * @throws SynodError `PARTITION_INVALID`.
 */
export function readGroups(texts: readonly string[]): Groups {
  return texts
    .flatMap((text) => text.split('|'))
    .map((group) =>
      group
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .flatMap(range),
    );
}

/** Nodes that a range may name: more than any cluster here has. */
const MAX_RANGE = 1_000;

function range(text: string): string[] {
  const [, head, from, tail, to] = text.match(/^(.*?)(\d{1,9})\.\.(.*?)(\d{1,9})$/) ?? [];
  if (head === undefined) return [text];
  const [first, last] = [Number(from), Number(to)];
  if ((tail !== '' && tail !== head) || last < first || last - first >= MAX_RANGE)
    throw invalid(`"${text.slice(0, 50)}" is no range of nodes; write n1..n5.`);
  return Array.from({ length: last - first + 1 }, (_, at) => `${head}${first + at}`);
}

/**
 * The groups with all nodes in them: those not named stay together, in one more group.
 * @throws SynodError `NODE_UNKNOWN`, `PARTITION_INVALID` when a group is empty, a node is in two, or there is but one group.
 */
export function completeGroups(groups: Groups, names: readonly string[]): Groups {
  const seen = new Set<string>();
  for (const node of groups.flat()) {
    if (!names.includes(node)) throw nodeUnknown(node, names);
    if (seen.has(node)) throw invalid(`${node} is named twice; each node has one group.`);
    seen.add(node);
  }
  if (groups.some((group) => group.length === 0)) throw invalid('A group is empty; name the nodes of each.');
  const rest = names.filter((name) => !seen.has(name));
  const all = rest.length > 0 ? [...groups, rest] : groups;
  if (all.length < 2) throw invalid('All nodes are in one group; leave some out, or write "|" between groups.');
  return all;
}
