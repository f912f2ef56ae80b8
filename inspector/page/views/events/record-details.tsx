import { selectedRecord, story } from '../../state/store.ts';

/** A record as it is, as text. */
export function RecordDetails({ index }: { index: number }) {
  const record = story.value.record(index);
  const shown = record.type === 'spawn' ? { ...record, chart: `(${record.chart.id})` } : record;
  return (
    <section class="details" aria-label="Record">
      <button
        type="button"
        aria-label="Close record"
        onClick={() => {
          selectedRecord.value = undefined;
        }}
      >
        Close
      </button>
      <pre>{JSON.stringify(shown, undefined, 2)}</pre>
    </section>
  );
}
