import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { pictureOf } from '../pictures/picture.ts';
import { cursor, extent, follow, following, loading, moment, recording, seek, story } from '../state/store.ts';
import { SavePicture } from '../ui/save-picture.tsx';
import { Histogram } from './histogram.tsx';
import { JUMPS, type Jump } from './jump.ts';
import { bookmarks, jump, playing, SPEEDS, speed, step, toggleBookmark, togglePlay } from './playback.ts';
import { timeWords } from './words.ts';

/** The place in time that all views show, and how to get to another. */
export function Timeline() {
  const { first, length } = extent.value;
  const [atStart, atEnd] = [cursor.value <= first, cursor.value >= length];
  const isLive = !recording.value;
  const title = isLive ? 'Time' : 'Recording';
  const host = useRef<HTMLElement>(null);
  return (
    <section class="timeline" aria-label={title} aria-busy={loading.value} ref={host}>
      <div class="player">
        <Move label="First record" text="«" to={() => seek(first)} disabled={atStart} />
        <Move label="Previous record" text="‹" to={() => step(-1)} disabled={atStart} />
        <button
          type="button"
          data-unpictured
          aria-pressed={playing.value}
          disabled={length === first}
          onClick={togglePlay}
        >
          {playing.value ? 'Stop' : 'Play'}
        </button>
        <Move label="Next record" text="›" to={() => step(1)} disabled={atEnd} />
        <Move label="Last record" text="»" to={() => seek(length)} disabled={atEnd} />
        <Choice label="To the next" value={jump.value} set={(value) => (jump.value = value as Jump)}>
          {Object.entries(JUMPS).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </Choice>
        <Choice
          label="Speed"
          value={String(speed.value)}
          set={(value) => (speed.value = SPEEDS.find((each) => String(each) === value) ?? 'events')}
        >
          {SPEEDS.map((each) => (
            <option key={each} value={String(each)}>
              {each === 'events' ? 'event by event' : `${each}× as it went`}
            </option>
          ))}
        </Choice>
        <Bookmarks />
        <span class="space" />
        {isLive && (
          <button
            type="button"
            class="live"
            data-unpictured
            aria-pressed={following.value}
            onClick={() => follow(!following.value)}
          >
            {following.value ? '● Live' : 'Go live'}
          </button>
        )}
        <span class="place">
          {cursor.value.toLocaleString('en')} of {length.toLocaleString('en')}
          {moment.value !== undefined && ` · ${timeWords(moment.value, recording.value?.unit)}`}
        </span>
        <SavePicture title={title} picture={() => (host.current ? pictureOf(host.current, 'timeline') : undefined)} />
      </div>
      <Histogram />
    </section>
  );
}

function Bookmarks() {
  const kept = bookmarks.value.filter((index) => index >= extent.value.first && index < extent.value.length);
  return (
    <>
      <button
        type="button"
        data-unpictured
        aria-pressed={bookmarks.value.includes(cursor.value - 1)}
        disabled={cursor.value <= extent.value.first}
        onClick={toggleBookmark}
      >
        Bookmark
      </button>
      {kept.length > 0 && (
        <Choice label="Bookmarks" value="" set={(value) => seek(Number(value) + 1)}>
          <option value="" disabled>
            {kept.length} marked
          </option>
          {kept.map((index) => (
            <option key={index} value={String(index)}>
              {`${(index + 1).toLocaleString('en')} · ${story.value.node(index)} ${story.value.kind(index)} ${story.value.label(index)}`}
            </option>
          ))}
        </Choice>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => unknown;
  readonly children: ComponentChildren;
}

function Choice({ label, value, set, children }: ChoiceProps) {
  return (
    <select
      data-unpictured
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
    >
      {children}
    </select>
  );
}

function Move({ label, text, to, disabled }: { label: string; text: string; to: () => void; disabled: boolean }) {
  return (
    <button
      type="button"
      data-unpictured
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={() => {
        playing.value = false;
        to();
      }}
    >
      {text}
    </button>
  );
}
