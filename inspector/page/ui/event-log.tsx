import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Entry } from '../state/entries.ts';
import { type Level, level, query, shownEntries } from '../state/filter.ts';
import { recordText } from '../state/record-text.ts';
import { position, recording, seek, selectedEntry, selectedNode } from '../state/store.ts';
import { Guards } from '../views/charts/transition-note.tsx';

/** The height of a row, in pixels; the style sheet says the same. */
const ROW = 24;
/** Rows drawn beyond what can be seen. */
const SPARE = 10;

/**
 * What happens, newest at the bottom: follows along until a person scrolls up or pauses. Of a recording it is all of it, and the
 * place that is shown stays in sight.
 */
export function EventLog() {
  const paused = useSignal(false);
  const kept = useRef<readonly Entry[]>([]);
  if (!paused.value) kept.current = shownEntries.value;
  return (
    <aside class="log" aria-label="Events">
      <div class="log-tools">
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
        <input
          type="search"
          aria-label="Filter"
          placeholder="type, actor, text, /re/"
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
        {!recording.value && (
          <button
            type="button"
            aria-pressed={paused.value}
            onClick={() => {
              paused.value = !paused.value;
            }}
          >
            {paused.value ? 'Follow' : 'Pause'}
          </button>
        )}
      </div>
      <Rows
        entries={kept.current}
        follow={!paused.value && !recording.value}
        onScrollUp={() => {
          paused.value = true;
        }}
      />
      {selectedEntry.value && <Details entry={selectedEntry.value} />}
    </aside>
  );
}

function Rows({ entries, follow, onScrollUp }: { entries: readonly Entry[]; follow: boolean; onScrollUp: () => void }) {
  const host = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    // To ask for it whenever something is drawn would have the whole page laid out each time.
    const observer = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element || !follow) return;
    element.scrollTop = element.scrollHeight;
    top.value = element.scrollTop;
  }, [entries, follow]);
  const place = recording.value ? entries.findLastIndex(({ key }) => key <= position.value) : -1;
  useLayoutEffect(() => keepInSight(host.current, place), [place]);
  const first = Math.max(0, Math.floor(top.value / ROW) - SPARE);
  const visible = entries.slice(first, first + Math.ceil(height.value / ROW) + 2 * SPARE);
  return (
    <div
      class="rows"
      ref={host}
      onScroll={({ currentTarget }) => {
        // By wheel, key, finger or scrollbar: who goes up wants to read.
        const up = currentTarget.scrollTop < top.value - ROW / 2;
        top.value = currentTarget.scrollTop;
        if (up && follow && currentTarget.scrollTop + currentTarget.clientHeight < currentTarget.scrollHeight - ROW)
          onScrollUp();
      }}
    >
      <div class="all-rows" ref={(element) => element?.style.setProperty('height', `${entries.length * ROW}px`)}>
        <ol ref={(element) => element?.style.setProperty('transform', `translateY(${first * ROW}px)`)}>
          {visible.map((entry) => (
            <EventRow key={entry.key} entry={entry} />
          ))}
        </ol>
      </div>
    </div>
  );
}

/** Scrolls as little as it takes to see a row. */
function keepInSight(element: HTMLElement | null, row: number): void {
  if (!element || row < 0) return;
  const [top, bottom] = [row * ROW, (row + 1) * ROW];
  if (top < element.scrollTop) element.scrollTop = top;
  else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
}

function EventRow({ entry }: { entry: Entry }) {
  const { record } = entry;
  const when = !recording.value || entry.key < position.value ? '' : entry.key > position.value ? ' ahead' : ' present';
  const choose = () => {
    if (recording.value) seek(entry.key);
    selectedEntry.value = selectedEntry.value?.key === entry.key ? undefined : entry;
    if (selectedNode.value !== undefined) selectedNode.value = record.node;
  };
  return (
    <li class={`event ${record.type.replace('.', '-')}${when}`}>
      <button type="button" aria-pressed={selectedEntry.value?.key === entry.key} onClick={choose}>
        <span class="event-node">{record.node}</span>
        <span class="event-type">{record.type}</span>
        <span class="event-text">{recordText(record)}</span>
      </button>
    </li>
  );
}

/** A record as it is, as text. */
function Details({ entry }: { entry: Entry }) {
  const { record } = entry;
  const shown = record.type === 'spawn' ? { ...record, chart: `(${record.chart.id})` } : record;
  return (
    <section class="details" aria-label="Record">
      <button
        type="button"
        aria-label="Close record"
        onClick={() => {
          selectedEntry.value = undefined;
        }}
      >
        Close
      </button>
      {record.type === 'transition' && record.guards && <Guards outcomes={record.guards} />}
      <pre>{JSON.stringify(shown, undefined, 2)}</pre>
    </section>
  );
}
