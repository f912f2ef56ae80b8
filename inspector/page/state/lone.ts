import { computed } from '@preact/signals';
import { nodeNames } from './store.ts';

/** The only node, where there is but one: then its actors are what is told apart. */
export const loneNode = computed((): string | undefined => {
  const [first, ...others] = nodeNames.value;
  return others.length === 0 ? first : undefined;
});

/** The address of an actor, without its node where that goes without saying. */
export function shortAddress(address: string): string {
  const end = `@${loneNode.value}`;
  return loneNode.value !== undefined && address.endsWith(end) ? address.slice(0, -end.length) : address;
}
