import { computed, signal } from '@preact/signals';
import { faultsAt } from '../../src/spacetime/faults-at.ts';
import { SpanSweep } from '../../src/spacetime/in-force.ts';
import { type Faults, noFaults } from '../../src/world/controls.ts';
import { inSlices } from './slices.ts';
import { cursor, following, nodeNames, recording, story } from './store.ts';

/** What is done to the nodes at present, as their server tells it. */
export const present = signal<Faults>(noFaults);

/** Whether what is shown is the present, in which something can be done. */
export const isPresent = computed(() => recording.value === undefined && following.value);

const sweep = computed(() => new SpanSweep(story.value));
const read = inSlices(sweep);

let last: { readonly text: string; readonly found: Faults } = { text: '', found: noFaults };

/** What was done at the cursor. It stays the same object while it is the same. */
export const faults = computed((): Faults => {
  if (isPresent.value) return present.value;
  void read.value;
  const found = faultsAt(sweep.value.book.all, cursor.value, nodeNames.value);
  const text = JSON.stringify(found);
  if (text !== last.text) last = { text, found };
  return last.found;
});
