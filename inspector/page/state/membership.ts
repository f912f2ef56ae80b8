import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { faults } from './faults.ts';
import { matrixOf, type Observer, observerNames, observersOf, verdictsOf } from './matrix.ts';
import { controls, recording, world } from './store.ts';

/** Nodes beyond which the list shows each on one line, to leave the middle more room. */
export const MANY = 12;

const chosenName = signal<string | undefined>(undefined);

/** Nodes that a person has marked, to do something to them together. */
export const marked = signal<readonly string[]>([]);

/** The cell of the matrix that a person points at; without `observer` a member, without `member` an observer. */
export const pointed = signal<{ readonly observer?: string; readonly member?: string } | undefined>(undefined);

/** Actors that tell of members, by name: one matrix each. */
export const names = kept(() => observerNames(world.value), Object.is);

/** Of the matrix that is shown. */
export const name = computed(() => {
  const [first] = names.value;
  return chosenName.value !== undefined && names.value.includes(chosenName.value) ? chosenName.value : first;
});

export const chooseName = (next: string): void => {
  chosenName.value = next;
};

const observers = kept<Observer>(
  () => (name.value === undefined ? [] : observersOf(world.value, name.value)),
  (a, b) => a.node === b.node && a.up === b.up && a.seen === b.seen,
);

export const matrix = computed(() => matrixOf(observers.value));

export const verdicts = computed(() => verdictsOf(matrix.value, faults.value.paused));

/** Whether nodes can be marked: what else would the marks be for. */
export const marksOffered = computed(() => !recording.value && controls.value.includes('partition'));

export function toggleMark(node: string): void {
  marked.value = marked.value.includes(node) ? marked.value.filter((other) => other !== node) : [...marked.value, node];
}

/** The letter of a node's group while the network is parted, in the order in which the groups were named. */
export function groupOf(node: string): string | undefined {
  const at = faults.value.groups.findIndex((group) => group.includes(node));
  return at < 0 ? undefined : String.fromCharCode(65 + (at % 26));
}

/**
 * A list that stays the same object while it holds the same: a trace tells a thousand things a second and rarely of members, and
 * what has not changed is not drawn anew.
 */
function kept<T>(compute: () => readonly T[], isSame: (a: T, b: T) => boolean): ReadonlySignal<readonly T[]> {
  let before: readonly T[] = [];
  return computed(() => {
    const now = compute();
    const isKept = before.length === now.length && now.every((item, at) => isSame(item, before[at] as T));
    if (!isKept) before = now;
    return before;
  });
}
