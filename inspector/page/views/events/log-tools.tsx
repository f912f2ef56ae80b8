import { type Signal, signal, useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { eventWords } from '../../../src/story/record-text.ts';
import { hidden, type Level, level, sift, sifted } from '../../state/filter.ts';
import { extent, recording, story } from '../../state/store.ts';
import { wholeCounted, wholeTally, wishTally } from '../../state/tallies.ts';
import { QueryField } from './query-field.tsx';

/** What stands in the column of times: the place on the axis, how long after the row before, or nothing. */
export const times = signal<'place' | 'since' | 'none'>('place');

/** Names offered to be hidden at most. */
const OFFERED = 14;

/** What the log shows, and how much of it was found so far. */
export function LogTools({ paused }: { paused: Signal<boolean> }) {
  const id = useId();
  return (
    <div class="log-tools">
      <QueryField />
      <div class="log-options">
        <select
          aria-label="What the log shows"
          value={level.value}
          onChange={(event) => {
            level.value = event.currentTarget.value as Level;
          }}
        >
          <option value="changes">state changes</option>
          <option value="messages">messages too</option>
          <option value="everything">everything</option>
        </select>
        <select
          aria-label="Times"
          value={times.value}
          onChange={(event) => {
            times.value = event.currentTarget.value as typeof times.value;
          }}
        >
          <option value="place">time</option>
          <option value="since">time since</option>
          <option value="none">no time</option>
        </select>
        <button type="button" data-unpictured popovertarget={id} aria-pressed={hidden.value.size > 0}>
          {hidden.value.size > 0 ? `${hidden.value.size} hidden` : 'Hide…'}
        </button>
        {!recording.value && (
          <button
            type="button"
            data-unpictured
            aria-pressed={paused.value}
            onClick={() => {
              paused.value = !paused.value;
            }}
          >
            {paused.value ? 'Follow' : 'Pause'}
          </button>
        )}
        <Found />
      </div>
      <HideMenu id={id} />
    </div>
  );
}

/** How many records are shown, and how far the search is. */
function Found() {
  void sifted.value;
  const found = sift.value;
  const { first, length } = extent.value;
  return (
    <span class="found">
      {found.length.toLocaleString('en')} of {(length - first).toLocaleString('en')}
      {found.share < 1 && `, looked at ${Math.floor(found.share * 100)} %`}
    </span>
  );
}

/** Heartbeats and the like: the most frequent names, each of which may be hidden. */
function HideMenu({ id }: { id: string }) {
  const menu = useSignal(false);
  const isOpen = menu.value;
  useEffect(() => (isOpen ? wishTally() : undefined), [isOpen]);
  return (
    <fieldset
      id={id}
      class="menu"
      popover="auto"
      aria-label="Names that are hidden"
      onToggle={(event) => {
        menu.value = event.newState === 'open';
      }}
    >
      {isOpen && <Names />}
    </fieldset>
  );
}

function Names() {
  void wholeCounted.value;
  const names = wholeTally.value.labels.sorted().slice(0, OFFERED);
  return (
    <>
      <p>Hide what comes most often; changes of state stay.</p>
      {names.map(([number, count]) => {
        const name = story.value.names.text(number);
        return (
          <label key={name}>
            <input type="checkbox" checked={hidden.value.has(name)} onChange={() => toggle(name)} />
            <span class="name">{eventWords(name)}</span>
            <span class="count">{count.toLocaleString('en')}</span>
          </label>
        );
      })}
      <button
        type="button"
        disabled={hidden.value.size === 0}
        onClick={() => {
          hidden.value = new Set();
        }}
      >
        Show all
      </button>
    </>
  );
}

function toggle(name: string): void {
  const next = new Set(hidden.value);
  if (!next.delete(name)) next.add(name);
  hidden.value = next;
}
