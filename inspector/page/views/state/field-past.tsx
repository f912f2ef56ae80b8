import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inSlices } from '../../state/slices.ts';
import { story } from '../../state/store.ts';
import { Go } from './go.tsx';
import { FieldHistory } from './past.ts';
import { previewOf } from './values.ts';

/** Of which field the past is sought: one at a time. */
const sought = signal<{ readonly address: string; readonly field: string; readonly end: number } | undefined>(
  undefined,
);
const history: ReadonlySignal<FieldHistory | undefined> = computed(() => {
  const of = sought.value;
  return of && new FieldHistory(story.value, of.address, of.field, of.end);
});
const found = inSlices(history);

/** The last values that a field had, and the way to where each came. */
export function FieldPast({ address, field, end }: { address: string; field: string; end: number }) {
  useEffect(() => {
    sought.value = { address, field, end };
    return () => {
      sought.value = undefined;
    };
  }, [address, field, end]);
  void found.value;
  const values = history.value?.values ?? [];
  return (
    <>
      <h3>
        Past of {field}
        {history.value && !history.value.isDone && <span class="hint"> looking…</span>}
      </h3>
      <ol class="past">
        {values.map(({ index, value }) => (
          <li key={index}>
            <Go index={index} />
            <span class="field-value">{previewOf(value)}</span>
          </li>
        ))}
      </ol>
      {values.length === 0 && history.value?.isDone && <p class="hint">The trace tells of no change of it.</p>}
    </>
  );
}
