import { computed, effect, signal } from '@preact/signals';
import { ask } from '../../state/connection.ts';
import { family } from '../../state/family.ts';
import { faults } from '../../state/faults.ts';
import { isByActor, loneNode } from '../../state/lone.ts';
import { marked } from '../../state/membership.ts';
import {
  controls,
  cursor,
  nodeNames,
  recording,
  selectActor,
  selectedActor,
  selectedNode,
  selectNode,
  story,
  world,
} from '../../state/store.ts';
import type { Point } from './geometry.ts';
import { linkKey, noTraffic, type Traffic, trafficOf } from './traffic.ts';
import { faultsOn, isCut, type Span } from './words.ts';

// What the topology shows beside what all views share.

/** Between two counts, at least: milliseconds, and times what the last one took. */
const COUNT_MS = 200;
const REST = 15;
/** Nodes up to which links are drawn that nothing goes over, and have labels. */
export const FEW = 9;

/** Actors drawn at most. */
const MOST_ACTORS = 60;

/** The actors of the only node, if it is they who are told apart. */
const actors = computed((): readonly string[] => {
  const all = isByActor.value ? family(Object.values(world.value[loneNode.value ?? '']?.actors ?? {})) : [];
  return all.map(({ actor }) => actor.address);
});

/** What stands in the drawing: nodes or, where there is but one, its actors. */
export const drawn = computed((): readonly string[] =>
  isByActor.value ? actors.value.slice(0, MOST_ACTORS) : nodeNames.value,
);

/** How many do not stand there for want of room. */
export const beyond = computed(() => (isByActor.value ? actors.value.length - drawn.value.length : 0));

/** What of the drawing is looked at closely. */
export const selected = computed(() => (isByActor.value ? selectedActor.value : selectedNode.value));

/** Lengths of the window that a person may choose: milliseconds, or steps of a run that has no time. */
export const WINDOWS = { ms: [1_000, 10_000, 60_000], step: [10, 100, 1_000] } as const;

export const unit = computed(() => recording.value?.unit ?? 'ms');
const chosenWindow = signal(1);
export const windowLength = computed((): number => WINDOWS[unit.value][chosenWindow.value] ?? WINDOWS.ms[1]);

export function chooseWindow(at: number): void {
  chosenWindow.value = at;
}

export const traffic = signal<Traffic>(noTraffic);
export const span = computed((): Span => ({ ms: traffic.value.spanMs, unit: unit.value }));

/** Counts the traffic before the cursor from now on, until the answer is called: often, but never for more than a small part of the time. */
export function watchTraffic(): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let freeAt = 0;
  const count = (): void => {
    waiting = undefined;
    const begun = performance.now();
    traffic.value = trafficOf(story.peek(), cursor.peek(), windowLength.peek(), isByActor.peek() ? 'actor' : 'node');
    const ended = performance.now();
    freeAt = ended + Math.max(COUNT_MS, (ended - begun) * REST);
  };
  const stop = effect(() => {
    // These are what it depends on.
    void [cursor.value, story.value, windowLength.value, isByActor.value];
    if (waiting === undefined) waiting = setTimeout(count, Math.max(0, freeAt - performance.now()));
  });
  return () => {
    stop();
    clearTimeout(waiting);
  };
}

/** A link from one node, or actor, to another. */
export interface LinkEnds {
  readonly from: string;
  readonly to: string;
}

/** The link that is looked at closely. */
export const selectedLink = signal<LinkEnds | undefined>(undefined);

/** Looks closely at a link, or no longer. */
export function chooseLink({ from, to }: LinkEnds): void {
  const isSame = selectedLink.value?.from === from && selectedLink.value.to === to;
  selectedLink.value = isSame ? undefined : { from, to };
}

/** Selects a node or an actor, or lets go of it. */
export function choose(name: string): void {
  selectedLink.value = undefined;
  if (selected.value === name) selectNode(undefined);
  else if (isByActor.value) selectActor(name);
  else selectNode(name);
}

/** The node or link that a person points at. */
export const pointedAt = signal<LinkEnds | { readonly node: string } | undefined>(undefined);

/** Whether a person draws a partition, and the line as far as it is drawn. */
export const isDrawing = signal(false);
export const line = signal<readonly Point[] | undefined>(undefined);

export const canPart = computed(() => !recording.value && controls.value.includes('partition'));

/** Whether anything can be laid on links. */
export const canDisturb = computed(
  () => !recording.value && (['drop', 'delay', 'duplicate'] as const).some((each) => controls.value.includes(each)),
);

export function beginDrawing(): void {
  isDrawing.value = true;
  line.value = undefined;
}

export function endDrawing(): void {
  isDrawing.value = false;
  line.value = undefined;
}

/** Parts the nodes of one side from all others. */
export function part(groups: readonly (readonly string[])[]): void {
  endDrawing();
  ask({ control: 'partition', groups });
}

/** The marked nodes and the others, while both are some. */
export const markedSides = computed(() => {
  const left = nodeNames.value.filter((node) => marked.value.includes(node));
  const right = nodeNames.value.filter((node) => !marked.value.includes(node));
  return left.length > 0 && right.length > 0 ? ([left, right] as const) : undefined;
});

/** The links to be drawn: those with traffic, and among few nodes those that something lies on. */
export const shownLinks = computed((): readonly LinkEnds[] => {
  const nodes = drawn.value;
  const { links } = traffic.value;
  const known = new Set(nodes);
  const busy = [...links.values()].filter(({ from, to }) => known.has(from) && known.has(to));
  if (nodes.length > FEW) return busy;
  const { groups, links: laid } = faults.value;
  if (groups.length === 0 && laid.length === 0 && selectedLink.value === undefined) return busy;
  const all = nodes.flatMap((from) => nodes.flatMap((to) => (from === to ? [] : { from, to })));
  return all.filter((ends) => links.has(linkKey(ends.from, ends.to)) || isMarked(ends));
});

function isMarked({ from, to }: LinkEnds): boolean {
  const isSelected = selectedLink.value?.from === from && selectedLink.value.to === to;
  return isSelected || isCut(faults.value, from, to) || faultsOn(faults.value, from, to).length > 0;
}
