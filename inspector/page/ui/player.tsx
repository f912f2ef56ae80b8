import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { shownEntries } from '../state/filter.ts';
import { entries, position, recording, seek } from '../state/store.ts';

/** Between two steps of a recording that plays, in milliseconds. */
const STEP_MS = 350;

/** The place of the record, among those that the log shows, that comes next or came before. */
function step(by: 1 | -1): void {
  const keys = shownEntries.value.map(({ key }) => key);
  const next = by > 0 ? keys.find((key) => key > position.value) : keys.findLast((key) => key < position.value);
  seek(next ?? (by > 0 ? entries.value.length : 0));
}

/** The place in a recording: what has happened so far. */
export function Player() {
  const playing = useSignal(false);
  const total = entries.value.length;
  const atEnd = position.value >= total;
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
      <Move label="First record" text="«" to={() => seek(0)} disabled={position.value === 0} />
      <Move label="Previous record" text="‹" to={() => step(-1)} disabled={position.value === 0} />
      <Move
        label={playing.value ? 'Stop' : 'Play'}
        text={playing.value ? 'Stop' : 'Play'}
        to={() => {
          if (!playing.value && atEnd) seek(0);
          playing.value = !playing.value;
        }}
        disabled={total === 0}
      />
      <Move label="Next record" text="›" to={() => step(1)} disabled={atEnd} />
      <Move label="Last record" text="»" to={() => seek(total)} disabled={atEnd} />
      <input
        type="range"
        aria-label="Place in the recording"
        min={0}
        max={total}
        value={position.value}
        onInput={(event) => {
          playing.value = false;
          seek(Number(event.currentTarget.value));
        }}
      />
      <span class="place">
        {position.value.toLocaleString('en')} of {total.toLocaleString('en')}
        {moment()}
      </span>
    </section>
  );
}

/** When the last record happened that is shown. */
function moment(): string {
  const at = entries.value[position.value - 1]?.record.at;
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
