import { batch, computed, signal } from '@preact/signals';
import { LIVE_BYTES, Story, type StoryOptions } from '../../src/story/story.ts';
import { byName } from '../../src/world/by-name.ts';
import type { Control } from '../../src/world/controls.ts';
import type { RecordingHead } from '../../src/world/wire.ts';
import { type ActorView, emptyWorld, type NodeView, type World } from '../../src/world/world.ts';

// What all views share: the records, one place in time, one selection.

export const connected = signal(false);
export const controls = signal<readonly Control[]>([]);
/** Records that came, those that are no longer kept among them. */
export const received = signal(0);
/** Records that came before the story began. */
let receivedBefore = 0;
export const skipped = signal(0);
/** What a control, or whatever else a person asked for, came to: for a while or, where it went wrong, until the next one. */
export const notice = signal<{ readonly ok: boolean; readonly text: string } | undefined>(undefined);

/** Of a run that is over: what is known of it. Undefined while something live is watched. */
export const recording = signal<RecordingHead | undefined>(undefined);
/** Whether records of a recording are still on their way. */
export const loading = signal(false);

// --- Time -------------------------------------------------------------------------------------------------------------

/** The records of what is watched. It grows without notice: `extent` tells when. */
export const story = signal(new Story());
/** Which indexes of the story are kept. */
export const extent = signal({ first: 0, length: 0 });
/** How many records have happened in what the page shows. */
export const cursor = signal(0);
/** Whether the page goes along with what happens. */
export const following = signal(true);
/** The world at the cursor, which all views draw. */
export const world = signal<World>(emptyWorld);

/** Begins with another run. `before`: records that came already, and belong to it. */
export function beginStory(options: StoryOptions = { maxBytes: LIVE_BYTES }, before = 0): void {
  batch(() => {
    receivedBefore = Math.max(0, before);
    story.value = new Story(options);
    following.value = true;
    selectedRecord.value = undefined;
    grown();
  });
}

/** The story has grown, or forgotten its oldest records. */
export function grown(): void {
  batch(() => {
    const { first, length } = story.value;
    extent.value = { first, length };
    received.value = receivedBefore + length;
    if (following.value) show(length);
    else if (cursor.value < first) show(first);
  });
}

/** Shows what was after the first `to` records; at the end, the page goes along with what comes. */
export function seek(to: number): void {
  batch(() => {
    following.value = to >= extent.value.length;
    show(to);
  });
}

/** Holds on where the page is, or goes to the end and along. */
export function follow(along: boolean): void {
  batch(() => {
    following.value = along;
    if (along) show(extent.value.length);
  });
}

function show(to: number): void {
  const { first, length } = extent.value;
  cursor.value = Math.max(first, Math.min(length, Math.floor(to)));
  world.value = story.value.worldAt(cursor.value);
}

/** The time at the cursor, in milliseconds on the axis of all nodes, or in steps. */
export const moment = computed((): number | undefined => {
  const { first } = extent.value;
  return cursor.value > first ? story.value.at(cursor.value - 1) : undefined;
});

// --- Selection --------------------------------------------------------------------------------------------------------

/** The node that is looked at closely. */
export const selectedNode = signal<string | undefined>(undefined);
/** The address of the actor that is looked at closely; of the selected node, if there is one. */
export const selectedActor = signal<string | undefined>(undefined);
/** The index of the record that is looked at closely. */
export const selectedRecord = signal<number | undefined>(undefined);

export function selectNode(node: string | undefined): void {
  batch(() => {
    selectedNode.value = node;
    if (selectedActor.value !== undefined && nodeOfActor(selectedActor.value) !== node) selectedActor.value = undefined;
  });
}

export function selectActor(address: string): void {
  batch(() => {
    selectedActor.value = address;
    selectedNode.value = nodeOfActor(address) ?? selectedNode.value;
  });
}

/** Selects a record, and goes to where it has just happened. */
export function selectRecord(index: number | undefined): void {
  batch(() => {
    selectedRecord.value = index;
    if (index !== undefined && (recording.value || !following.value)) seek(index + 1);
  });
}

/**
 * Shows the world after a step, given as its first record and the one after its last. Selected is the record that tells most of it, which no filter
 * of the log leaves out: the transition, if the step has one.
 */
export function goToStep([from, to]: readonly [from: number, to: number]): void {
  let record = from;
  while (record < to && story.value.kind(record) !== 'transition') record++;
  goTo(to, record < to ? record : from);
}

/** Shows the world after `to` records, and selects one of them: the last, unless another is named. */
export function goTo(to: number, record = to - 1): void {
  batch(() => {
    seek(to);
    selectedRecord.value = record < extent.value.first ? undefined : record;
  });
}

const nodeOfActor = (address: string): string | undefined =>
  Object.values(world.value).find(({ actors }) => Object.hasOwn(actors, address))?.node;

// --- Nodes ------------------------------------------------------------------------------------------------------------

export const nodeNames = computed(() => Object.keys(world.value).sort(byName));

/** The actor that stands for a node: the first that tells of members, else the first that was spawned. */
export function mainActorOf({ actors }: NodeView): ActorView | undefined {
  const all = Object.values(actors);
  return all.find(({ members }) => Object.keys(members).length > 0) ?? all[0];
}

export const mainActor = (node: string): ActorView | undefined => {
  const view = world.value[node];
  return view && mainActorOf(view);
};
