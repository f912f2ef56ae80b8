import type { TraceRecord } from '@synod/protocol';
import { jsonText } from '../../../src/story/record-text.ts';
import { recording, selectedRecord, selectRecord, story } from '../../state/store.ts';
import { spanText } from '../../state/time-text.ts';
import { Guards, guardsOf } from './guards.tsx';

/** A record looked at closely: where it comes from, where it leads, and all of it as text. */
export function RecordDetails({ index }: { index: number }) {
  const record = story.value.record(index);
  return (
    <section class="details" aria-label="Record">
      <button
        type="button"
        data-unpictured
        class="close"
        aria-label="Close record"
        onClick={() => {
          selectedRecord.value = undefined;
        }}
      >
        Close
      </button>
      <RecordFacts index={index} record={record} />
      <pre>{jsonOf(record)}</pre>
    </section>
  );
}

/** Characters of a record that are shown as JSON. */
const MAX_JSON = 40_000;

function jsonOf(record: TraceRecord): string {
  const shown = record.type === 'spawn' ? { ...record, chart: `(${record.chart.id})` } : record;
  const text = jsonText(shown, 2);
  return text.length > MAX_JSON
    ? `${text.slice(0, MAX_JSON)}\n… ${(text.length - MAX_JSON).toLocaleString('en')} more`
    : text;
}

/** Who sent what to whom, how each guard came out, and the vector clock. */
export function RecordFacts({ index, record }: { index: number; record: TraceRecord }) {
  const guards = guardsOf(record);
  const clock = Object.entries(record.clock);
  return (
    <div class="facts-of-record">
      <p class="record-title">
        <strong>{record.type}</strong> #{(index + 1).toLocaleString('en')} on {record.node}
      </p>
      <Message index={index} />
      {guards.length > 0 && <Guards guards={guards} />}
      {clock.length > 0 && (
        <p class="clock">
          <span class="hint">clock</span>
          {clock.map(([node, count]) => (
            <span key={node} class="tick">
              {node} <strong>{String(count)}</strong>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** The two ends of a message, with a way from one to the other. */
function Message({ index }: { index: number }) {
  const run = story.value;
  const kind = run.kind(index);
  if (kind !== 'send' && kind !== 'deliver' && kind !== 'drop' && kind !== 'receive') return null;
  const [sender, receiver] =
    kind === 'send' ? [run.actor(index), run.other(index)] : [run.other(index), run.actor(index)];
  const link = run.link(index);
  const there = link >= run.first ? link : undefined;
  const end = kind !== 'send' ? 'send' : there !== undefined && run.kind(there) === 'drop' ? 'loss' : 'delivery';
  const span = there === undefined ? undefined : Math.abs(run.at(there) - run.at(index));
  return (
    <p class="message">
      <span>
        <strong>{run.label(index)}</strong> {sender === '' ? '' : `from ${sender} `}
        {receiver === '' ? '' : `to ${receiver}`}
      </span>
      {there === undefined ? (
        kind === 'send' && <span class="hint">neither delivered nor lost so far</span>
      ) : (
        <button type="button" onClick={() => selectRecord(there)}>
          To its {end}
          {span !== undefined && `, ${spanText(span, recording.value?.unit)} ${kind === 'send' ? 'later' : 'before'}`}
        </button>
      )}
    </p>
  );
}
