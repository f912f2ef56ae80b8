import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Level, level, query, sift, sifted } from '../../state/filter.ts';
import { recordText } from '../../state/record-text.ts';
import {
  cursor,
  extent,
  following,
  recording,
  selectedNode,
  selectedRecord,
  selectNode,
  selectRecord,
  story,
} from '../../state/store.ts';
import { RecordDetails } from './record-details.tsx';

/** The height of a row, in pixels; the style sheet says the same. */
const ROW = 24;
/** Rows drawn beyond what can be seen. */
const SPARE = 10;
/** A browser's elements have a height of some ten million pixels at most. */
const MAX_HEIGHT = 8_000_000;

/**
 * What happens, newest at the bottom: follows along until a person scrolls up or pauses. Of a recording it is all of it, and the
 * place that is shown stays in sight.
 */
export function EventLog() {
  // Of something live, the rows may stand still while all else goes on.
  const paused = useSignal(false);
  return (
    <section class="log" aria-label="Events">
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
      <Rows paused={paused} />
      {selectedRecord.value !== undefined && selectedRecord.value >= extent.value.first && (
        <RecordDetails index={selectedRecord.value} />
      )}
    </section>
  );
}

function Rows({ paused }: { paused: Signal<boolean> }) {
  const host = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  void sifted.value;
  const found = sift.value;
  // What is paused keeps its length; that older rows are forgotten meanwhile moves it nonetheless.
  const kept = useRef(0);
  if (!paused.value || found.length < kept.current) kept.current = found.length;
  const count = kept.current;
  const follow = !paused.value && !recording.value && following.value;
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
  });
  const place = recording.value || !following.value ? found.placeOf(cursor.value) - 1 : -1;
  const all = Math.min(count * ROW, MAX_HEIGHT);
  // Beyond what a browser can hold, a pixel of the scrollbar stands for more than one of the list.
  const scale = Math.max(1, (count * ROW - height.value) / Math.max(1, all - height.value));
  useLayoutEffect(() => keepInSight(host.current, place, scale), [place]);
  const first = Math.max(0, Math.floor((top.value * scale) / ROW) - SPARE);
  const rows = Math.min(count - first, Math.ceil(height.value / ROW) + 2 * SPARE);
  const shift = first * ROW - top.value * (scale - 1);
  return (
    <div
      class="rows"
      ref={host}
      onScroll={({ currentTarget }) => {
        // By wheel, key, finger or scrollbar: who goes up wants to read.
        const up = currentTarget.scrollTop < top.value - ROW / 2;
        top.value = currentTarget.scrollTop;
        if (up && follow && currentTarget.scrollTop + currentTarget.clientHeight < currentTarget.scrollHeight - ROW)
          paused.value = true;
      }}
    >
      <div class="all-rows" ref={(element) => element?.style.setProperty('height', `${all}px`)}>
        <ol ref={(element) => element?.style.setProperty('transform', `translateY(${shift}px)`)}>
          {Array.from({ length: Math.max(0, rows) }, (_, at) => {
            const index = found.at(first + at);
            return <EventRow key={index} index={index} />;
          })}
        </ol>
      </div>
    </div>
  );
}

/** Scrolls as little as it takes to see a row. */
function keepInSight(element: HTMLElement | null, row: number, scale: number): void {
  if (!element || row < 0) return;
  const [top, bottom] = [(row * ROW) / scale, ((row + 1) * ROW) / scale];
  if (top < element.scrollTop) element.scrollTop = top;
  else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
}

function EventRow({ index }: { index: number }) {
  const record = story.value.record(index);
  const at = cursor.value - 1;
  const when = following.value && !recording.value ? '' : index > at ? ' ahead' : index === at ? ' present' : '';
  const isSelected = selectedRecord.value === index;
  return (
    <li class={`event ${record.type.replace('.', '-')}${when}`}>
      <button
        type="button"
        aria-pressed={isSelected}
        onClick={() => {
          selectRecord(isSelected ? undefined : index);
          if (selectedNode.value !== undefined) selectNode(record.node);
        }}
      >
        <span class="event-node">{record.node}</span>
        <span class="event-type">{record.type}</span>
        <span class="event-text">{recordText(record)}</span>
      </button>
    </li>
  );
}
