import { computed } from '@preact/signals';
import type { World } from '../../src/world/world.ts';
import { extent, story } from './store.ts';

/** The world after all that has come, with whatever ever lived: it does not depend on which moment is looked at. */
const all = computed((): World => {
  void extent.value;
  // The end costs nothing, wherever it is by now; the place that `extent` tells of may lie before it.
  return story.value.worldAt(Number.POSITIVE_INFINITY);
});

/** The only node of the run, where there is but one. */
export const loneNode = computed((): string | undefined => {
  const [first, ...others] = Object.keys(all.value);
  return others.length === 0 ? first : undefined;
});

/** Whether actors are what is told apart, as there is but one node, with several of them. */
export const isByActor = computed(
  () => loneNode.value !== undefined && Object.keys(all.value[loneNode.value]?.actors ?? {}).length > 1,
);

/** The address of an actor, without its node where that goes without saying. */
export function shortAddress(address: string): string {
  const end = `@${loneNode.value}`;
  return loneNode.value !== undefined && address.endsWith(end) ? address.slice(0, -end.length) : address;
}
