import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ClientHistory, ClientOperation } from '../../../src/world/verdicts.ts';
import { goTo, moment as now } from '../../state/store.ts';
import { bestWindow, type Laid, type Lanes, lanesOf, moved, ticks, type Window, within, zoomed } from './lanes.ts';
import { Sign } from './sign.tsx';

/** Pixels: a row, the room for the names of clients, the axis, and what a letter takes. */
const ROW = 34;
const MARGIN = 110;
const AXIS = 22;
const LETTER = 6.4;

/** Operations drawn at once; more than these are too many to be told apart. */
const MOST_DRAWN = 400;

const VERDICTS = {
  yes: [
    'holds',
    'Linearizable: each operation has a moment at which it took effect, marked by a dot and its number in the order of its key.',
  ],
  no: [
    'violated',
    'Not linearizable. Dots mark the order up to the last answer that has one; an operation that ends with a cross has no place in any order.',
  ],
  unknown: ['open', 'Not judged.'],
} as const;

/** What the clients saw, as intervals on the time axis, with the moments at which they may have taken effect. */
export function HistoryView({ history }: { history: ClientHistory }) {
  const { operations, verdict, message, omitted } = history;
  const key = useSignal<string | undefined>(undefined);
  const keys = [...new Set(operations.flatMap((each) => each.key ?? []))].sort();
  const shown = key.value === undefined ? operations : operations.filter((each) => each.key === key.value);
  const lanes = useMemo(() => lanesOf(shown), [history, key.value]);
  const view = useSignal<Window>(bestWindow(lanes, now.value));
  // Of another run there may be nothing in the window.
  useEffect(() => {
    if (within(lanes, view.value).length === 0) view.value = bestWindow(lanes, now.value);
  }, [lanes]);
  const [sign, text] = VERDICTS[verdict];
  return (
    <section class="history" aria-label="Operations of the clients">
      <h2>Clients</h2>
      <p class="history-verdict">
        <Sign verdict={sign} /> {message ?? text}
      </p>
      {verdict === 'no' && message && <p class="source">{text}</p>}
      <div class="history-tools">
        <Tool label="Earlier" text="‹" to={() => moved(view.value, -0.5, lanes.whole)} view={view} />
        <Tool label="Later" text="›" to={() => moved(view.value, 0.5, lanes.whole)} view={view} />
        <Tool label="Zoom in" text="+" to={() => zoomed(view.value, 0.5, 0.5, lanes.whole)} view={view} />
        <Tool label="Zoom out" text="−" to={() => zoomed(view.value, 2, 0.5, lanes.whole)} view={view} />
        <Tool
          label="All: show the whole history"
          text="All"
          to={() => zoomed(lanes.whole, 1.1, 0.5, lanes.whole)}
          view={view}
        />
        <Tool
          label={verdict === 'no' ? 'What offends' : 'Around here: the operations around the place in the run'}
          text={verdict === 'no' ? 'What offends' : 'Around here'}
          to={() => bestWindow(lanes, now.value)}
          view={view}
        />
        {keys.length > 1 && (
          <select
            aria-label="Key"
            value={key.value ?? ''}
            onChange={({ currentTarget }) => {
              key.value = currentTarget.value === '' ? undefined : currentTarget.value;
            }}
          >
            <option value="">all keys</option>
            {keys.map((each) => (
              <option key={each} value={each}>
                key {each}
              </option>
            ))}
          </select>
        )}
        {omitted > 0 && <span class="source">{omitted} earlier operations are left out</span>}
      </div>
      <Picture lanes={lanes} view={view} />
    </section>
  );
}

interface Viewed {
  value: Window;
}

function Tool({ label, text, to, view }: { label: string; text: string; to: () => Window; view: Viewed }) {
  return (
    <button
      type="button"
      data-unpictured
      aria-label={label}
      title={label}
      onClick={() => {
        view.value = to();
      }}
    >
      {text}
    </button>
  );
}

function Picture({ lanes, view }: { lanes: Lanes; view: Viewed }) {
  const host = useRef<HTMLDivElement>(null);
  const width = useSignal(800);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      width.value = element.clientWidth;
    });
    observer.observe(element);
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
      event.preventDefault();
      const about = Math.max(0, (event.offsetX - MARGIN) / Math.max(1, element.clientWidth - MARGIN));
      view.value = event.ctrlKey
        ? zoomed(view.value, event.deltaY > 0 ? 1.25 : 0.8, Math.min(1, about), lanes.whole)
        : moved(view.value, event.deltaX / 1_000, lanes.whole);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', wheel);
    };
  }, [lanes]);
  const { from, to } = view.value;
  const scale = Math.max(1, width.value - MARGIN - 8) / (to - from);
  const x = (time: number): number => MARGIN + (time - from) * scale;
  const height = lanes.rows * ROW + AXIS;
  const drawn = within(lanes, view.value).slice(0, MOST_DRAWN);
  const moment = now.value;
  return (
    <div class="history-picture" ref={host}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset */}
      <svg width={width.value} height={height} role="group" aria-label="Operations as intervals, time to the right">
        {lanes.clients.map(({ name, row, rows }) => (
          <g key={name} class="client">
            <rect class="lane" x={0} y={row * ROW} width={width.value} height={rows * ROW} />
            <text x={8} y={row * ROW + ROW / 2 + 4}>
              {name}
            </text>
          </g>
        ))}
        <Axis view={view.value} x={x} height={height} width={width.value} />
        {moment !== undefined && moment >= from && moment <= to && (
          <line class="history-now" x1={x(moment)} x2={x(moment)} y1={0} y2={height - AXIS} />
        )}
        {drawn.map((each) => (
          <Operation
            key={`${each.operation.client} ${each.operation.records[0]}`}
            laid={each}
            x={x}
            right={width.value}
          />
        ))}
      </svg>
    </div>
  );
}

function Axis({
  view,
  x,
  height,
  width,
}: {
  view: Window;
  x: (time: number) => number;
  height: number;
  width: number;
}) {
  return (
    <g class="history-axis">
      {ticks(view, Math.max(2, Math.floor((width - MARGIN) / 110))).map((time) => (
        <g key={time}>
          <line x1={x(time)} x2={x(time)} y1={0} y2={height - AXIS} />
          <text x={x(time)} y={height - 6}>
            {Number(time.toFixed(3)).toLocaleString('en')} ms
          </text>
        </g>
      ))}
    </g>
  );
}

function Operation({
  laid: { operation, row, end },
  x,
  right,
}: {
  laid: Laid;
  x: (time: number) => number;
  right: number;
}) {
  const { outcome, point, offends, stuck, records } = operation;
  const [left, stop] = [Math.max(MARGIN, x(operation.invokedAt)), Math.min(right, x(end))];
  if (stop < MARGIN) return null;
  const width = Math.max(3, stop - left);
  const [top, middle] = [row * ROW + 5, row * ROW + ROW / 2];
  const text = wordsOf(operation);
  const room = Math.floor((width - 14) / LETTER);
  const classes = ['operation', outcome, offends && 'offends', stuck && 'stuck'].filter(Boolean).join(' ');
  const go = () => goTo((records[1] ?? records[0]) + 1);
  return (
    // biome-ignore lint/a11y/useSemanticElements: there are no buttons within SVG
    <g
      class={classes}
      role="button"
      tabindex={0}
      aria-label={`${operation.client}: ${text}${stuck ? ', has no place in any order' : ''}`}
      onClick={go}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        go();
      }}
    >
      <title>{titleOf(operation)}</title>
      <rect x={left} y={top} width={width} height={ROW - 10} rx={outcome === 'unknown' ? 0 : 5} />
      {room >= 3 && (
        <text x={left + 7} y={middle + (point ? 0 : 4)}>
          {text.length <= room ? text : `${text.slice(0, room - 1)}…`}
        </text>
      )}
      {stuck && <path class="no-place" d={crossAt(left + width, middle)} />}
      {point && x(point.at) >= MARGIN && (
        <g class="point">
          <circle cx={x(point.at)} cy={row * ROW + ROW - 9} r={4} />
          {width > 40 && (
            <text x={x(point.at) + 6} y={row * ROW + ROW - 6}>
              {point.order}
            </text>
          )}
        </g>
      )}
    </g>
  );
}

/** A cross at the end of an interval. */
const crossAt = (x: number, y: number): string => `M${x - 5} ${y - 5} l10 10 m0 -10 l-10 10`;

function wordsOf({ input, output, outcome }: ClientOperation): string {
  if (outcome === 'unknown') return `${input} → ?`;
  return outcome === 'failed' ? `${input} failed` : `${input} → ${output}`;
}

function titleOf(operation: ClientOperation): string {
  const { client, invokedAt, returnedAt, point, key, offends, stuck } = operation;
  return [
    `${client}: ${wordsOf(operation)}`,
    `${invokedAt} ms to ${returnedAt === undefined ? 'no end' : `${returnedAt} ms`}`,
    ...(point
      ? [
          `may have taken effect at ${point.at} ms, as number ${point.order}${key === undefined ? '' : ` of key ${key}`}`,
        ]
      : []),
    ...(stuck ? ['with this answer the history has no order any more'] : []),
    ...(offends ? ['belongs to the smallest part that no order explains'] : []),
  ].join('\n');
}
