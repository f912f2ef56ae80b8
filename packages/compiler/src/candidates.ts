import type { StateNode, Transition } from './nodes.ts';

/** The transitions of one state that an event of this type may take, in the order in which they are tried: its own, then wildcards. */
export function candidatesFor(node: StateNode, type: string): Transition[] {
  const wildcards = [...node.transitions.keys()]
    .filter((descriptor) => descriptor !== type && matches(type, descriptor))
    .sort((a, b) => b.length - a.length);
  return [...(node.transitions.get(type) ?? []), ...wildcards.flatMap((key) => node.transitions.get(key) ?? [])];
}

/** Whether a descriptor with a wildcard, `*` or `a.b.*`, means events of this type. */
function matches(type: string, descriptor: string): boolean {
  if (descriptor === '*') return true;
  if (!descriptor.endsWith('.*')) return false;
  const tokens = type.split('.');
  const parts = descriptor.split('.');
  for (const [index, part] of parts.entries()) {
    if (part === '*') return index === parts.length - 1;
    if (part !== tokens[index]) return false;
  }
  return true;
}
