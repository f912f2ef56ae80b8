import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { sift } from '../state/filter.ts';
import { cursor, extent, moment, recording, seek } from '../state/store.ts';

/** Between two steps of a recording that plays, in milliseconds. */
const STEP_MS = 350;

/** To the record, among those that the log shows, that comes next or came before. */
function step(by: 1 | -1): void {
  const found = sift.value;
  const place = by > 0 ? found.placeOf(cursor.value) : found.placeOf(cursor.value - 1) - 1;
  const [none, there] = [by > 0 ? extent.value.length : extent.value.first, place >= 0 && place < found.length];
  seek(there ? found.at(place) + 1 : none);
}

/** The place in a recording: what has happened so far. */
export function Player() {
  const playing = useSignal(false);
  const { first, length: total } = extent.value;
  const atEnd = cursor.value >= total;
  useEffect(() => {
    if (!playing.value) return;
    if (atEnd) {
      playing.value = false;
      return;
    }
    const timer = setTimeout(() => step(1), STEP_MS);
    return () => clearTimeout(timer);
  });
  if (!recording.value) return null;
  return (
    <section class="player" aria-label="Recording">
      <Move label="First record" text="«" to={() => seek(first)} disabled={cursor.value === first} />
      <Move label="Previous record" text="‹" to={() => step(-1)} disabled={cursor.value === first} />
      <Move
        label={playing.value ? 'Stop' : 'Play'}
        text={playing.value ? 'Stop' : 'Play'}
        to={() => {
          if (!playing.value && atEnd) seek(first);
          playing.value = !playing.value;
        }}
        disabled={total === first}
      />
      <Move label="Next record" text="›" to={() => step(1)} disabled={atEnd} />
      <Move label="Last record" text="»" to={() => seek(total)} disabled={atEnd} />
      <input
        type="range"
        aria-label="Place in the recording"
        min={first}
        max={total}
        value={cursor.value}
        onInput={(event) => {
          playing.value = false;
          seek(Number(event.currentTarget.value));
        }}
      />
      <span class="place">
        {cursor.value.toLocaleString('en')} of {total.toLocaleString('en')}
        {momentWords()}
      </span>
    </section>
  );
}

/** When the last record happened that is shown. */
function momentWords(): string {
  const at = moment.value;
  if (at === undefined) return '';
  return recording.value?.unit === 'step' ? ` · step ${at}` : ` · ${Math.round(at).toLocaleString('en')} ms`;
}

function Move({ label, text, to, disabled }: { label: string; text: string; to: () => void; disabled: boolean }) {
  return (
    <button type="button" aria-label={label} title={label} disabled={disabled} onClick={to}>
      {text}
    </button>
  );
}
