import { computed, signal } from '@preact/signals';
import type { ActorView, World } from '../../../src/world/world.ts';
import {
  extent,
  mainActor,
  nodeNames,
  selectedActor,
  selectedNode,
  selectedRecord,
  story,
  world,
} from '../../state/store.ts';

export type { ActorView };

/** The address of the actor beside which the one that is looked at is shown. */
export const comparedWith = signal<string | undefined>(undefined);

/** The actor of an address, in a world. */
export function actorAt(from: World, address: string | undefined): ActorView | undefined {
  if (address === undefined) return undefined;
  const node = Object.values(from).find(({ actors }) => Object.hasOwn(actors, address));
  return node?.actors[address];
}

/** The node of the selected record. */
const nodeOfRecord = computed((): string | undefined => {
  const record = selectedRecord.value;
  const { first, length } = extent.value;
  return record !== undefined && record >= first && record < length ? story.value.node(record) : undefined;
});

/** The actor that is looked at: the one that is selected, or that stands for the selected node, that of the selected record, or the first. */
export const actor = computed((): ActorView | undefined => {
  const node = selectedNode.value ?? nodeOfRecord.value ?? nodeNames.value[0];
  return actorAt(world.value, selectedActor.value) ?? (node === undefined ? undefined : mainActor(node));
});

/** The addresses of all actors, by node. */
export const addresses = computed(() =>
  nodeNames.value.flatMap((node) => Object.keys(world.value[node]?.actors ?? {}).map((address) => ({ node, address }))),
);
