import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { shortState, stateWords } from '../../../src/chart/active.ts';
import { isInferred, type Look, recordText } from '../../../src/story/record-text.ts';
import type { Sift } from '../../../src/story/sift.ts';
import { KINDS } from '../../../src/world/read.ts';
import { sift, sifted } from '../../state/filter.ts';
import { loneNode, shortAddress } from '../../state/lone.ts';
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
import { placeText, spanText } from '../../state/time-text.ts';
import { RecordSign } from '../../ui/record-sign.tsx';
import { type RowProps, VirtualList } from '../../ui/virtual-list.tsx';
import { LogTools, times } from './log-tools.tsx';
import { RecordDetails } from './record-details.tsx';

/** Of states of several regions, what is told in a row. */
const ROW: Look = { named: shortAddress, stated: (state) => shortState(stateWords(state), 28) };

/**
 * What happens, newest at the bottom: follows along until a person scrolls up or pauses. Of a recording it is all of it, and the
 * place that is shown stays in sight.
 */
export function EventLog() {
  // Of something live, the rows may stand still while all else goes on.
  const paused = useSignal(false);
  return (
    <section class="log" aria-label="Events">
      <LogTools paused={paused} />
      <Rows paused={paused} />
      {selectedRecord.value !== undefined && selectedRecord.value >= extent.value.first && (
        <RecordDetails index={selectedRecord.value} />
      )}
    </section>
  );
}

function Rows({ paused }: { paused: Signal<boolean> }) {
  void sifted.value;
  const found = sift.value;
  // What is paused keeps its length; that older rows are forgotten meanwhile moves it nonetheless.
  const kept = useRef(0);
  if (!paused.value || found.length < kept.current) kept.current = found.length;
  const typed = useRef(new Typed());
  const isLive = !recording.value && following.value;
  const current = placeOf(found, selectedRecord.value);
  const shown = isLive ? -1 : found.placeOf(cursor.value) - 1;
  const move = (row: number): void => {
    if (isLive) paused.value = true;
    choose(found.at(row));
  };
  return (
    <VirtualList
      label="Records"
      role="listbox"
      count={kept.current}
      current={current}
      inSight={paused.value && current >= 0 ? current : shown}
      atEnd={!paused.value && isLive}
      onLeaveEnd={() => {
        paused.value = true;
      }}
      onMove={move}
      onKey={(event) => {
        const prefix = typed.current.add(event);
        if (prefix === undefined) return;
        event.stopPropagation();
        const row = nextOfType(found, prefix, current);
        if (row >= 0) move(row);
      }}
      row={(at, props) => <EventRow key={found.at(at)} found={found} at={at} props={props} />}
      empty={
        <p class="empty nothing">
          {extent.value.length === 0 ? 'Nothing has happened yet.' : 'None of the records is what was asked for.'}
        </p>
      }
    />
  );
}

/** The place of a record among those that are shown; -1 where it is none of them. */
function placeOf(found: Sift, index: number | undefined): number {
  if (index === undefined) return -1;
  const place = found.placeOf(index);
  return place < found.length && found.at(place) === index ? place : -1;
}

function choose(index: number): void {
  selectRecord(index);
  if (selectedNode.value !== undefined) selectNode(story.value.node(index));
}

/** The next row whose type begins as it was typed, from the beginning again after the end. */
function nextOfType(found: Sift, prefix: string, current: number): number {
  const kinds = KINDS.map((kind) => kind.startsWith(prefix));
  for (let step = prefix.length > 1 ? 0 : 1; step <= found.length; step++) {
    const row = (Math.max(current, 0) + step) % found.length;
    if (kinds[found.story.number('kind', found.at(row))]) return row;
  }
  return -1;
}

/** Letters that belong together are typed within this time, in milliseconds. */
const TYPING_MS = 700;

/** What a person types at a list. */
class Typed {
  #text = '';
  #at = 0;

  /** What was typed so far; undefined where a key is no letter. */
  add(event: KeyboardEvent): string | undefined {
    if (event.ctrlKey || event.altKey || event.metaKey || !/^[a-z.]$/.test(event.key)) return undefined;
    const isOn = event.timeStamp - this.#at < TYPING_MS;
    this.#at = event.timeStamp;
    // The same letter again goes on to the next.
    this.#text = isOn && this.#text !== event.key ? this.#text + event.key : event.key;
    return this.#text;
  }
}

function EventRow({ found, at, props }: { found: Sift; at: number; props: RowProps }) {
  const index = found.at(at);
  const record = story.value.glance(index);
  const last = cursor.value - 1;
  const when = following.value && !recording.value ? '' : index > last ? ' ahead' : index === last ? ' present' : '';
  const isSelected = selectedRecord.value === index;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus, and its keys.
    <div
      class={`event ${record.type.replace('.', '-')}${when}`}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      {...props}
      onClick={() => (isSelected ? selectRecord(undefined) : choose(index))}
    >
      <RecordSign kind={record.type} />
      {loneNode.value === undefined && <span class="event-node">{record.node}</span>}
      {times.value !== 'none' && <span class="event-time">{timeOf(found, at, index)}</span>}
      <span class="event-type">{record.type}</span>
      <span class="event-text">{recordText(record, ROW)}</span>
      {isInferred(record) && (
        <span
          class="inferred"
          title="Which transitions were taken was not told: they were found by taking the step again."
        >
          inferred
        </span>
      )}
    </div>
  );
}

function timeOf(found: Sift, at: number, index: number): string {
  const { unit } = recording.value ?? {};
  const ms = story.value.at(index);
  if (times.value === 'place') return placeText(ms, unit);
  return at === 0 ? '' : `+${spanText(ms - story.value.at(found.at(at - 1)), unit)}`;
}
