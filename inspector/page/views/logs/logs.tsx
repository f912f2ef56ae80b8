import { computed } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { selectedNode, selectNode, world } from '../../state/store.ts';
import { isFields } from './lists.ts';
import { type LogRow, type LogTable, logTables } from './logs.ts';
import { type Tally, talliesOf } from './quorums.ts';

const tables = computed(() => logTables(world.value));
const tallies = computed(() => talliesOf(world.value));

const declares = (what: 'log' | 'quorums'): boolean =>
  Object.values(world.value).some(({ actors }) =>
    Object.values(actors).some(({ chart }) => isFields(chart.view) && chart.view[what] !== undefined),
  );

/** Whether any protocol declares a log. */
export const hasLogs = (): boolean => declares('log');

/** Whether any declares who answers whom, and none a log beside which that would stand. */
export const hasQuorumsOnly = (): boolean => !hasLogs() && declares('quorums');

/** The logs of replicas side by side, and who has answered those who count. */
export function Logs() {
  return (
    <div class="logs">
      {tables.value.map((table) => (
        <Table key={`${table.name} ${table.rows[0]?.address}`} table={table} />
      ))}
      <Quorums />
    </div>
  );
}

function Table({ table }: { table: LogTable }) {
  const { name, indices, rows, marks, disputed } = table;
  const frame = useNewest(indices.at(-1));
  const summary =
    disputed.length === 0
      ? 'all that have an entry have the same'
      : `they differ at ${disputed.slice(0, 12).join(', ')}`;
  return (
    <section aria-label={`Logs of ${name}`}>
      <p class={disputed.length === 0 ? 'log-summary' : 'log-summary differs'}>
        <strong>{name}</strong> {indices.length === 0 ? 'no entries yet' : summary}
        {marks.map((mark, at) => (
          <span key={mark} class={`mark-key mark-${at % 3}`}>
            {mark}
          </span>
        ))}
      </p>
      <div class="log-frame" ref={frame}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be scrolled by keyboard */}
        <table class="log-table" tabIndex={0}>
          <thead>
            <tr>
              <th scope="col">node</th>
              <th scope="col">last</th>
              {marks.map((mark) => (
                <th scope="col" key={mark}>
                  {mark}
                </th>
              ))}
              {indices.map((index) => (
                <th scope="col" key={index} class={disputed.includes(index) ? 'differs' : undefined}>
                  {index}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.address} row={row} indices={indices} marks={marks} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Keeps the newest entries in sight as they come, unless a person has gone back to older ones. */
function useNewest(last: number | undefined) {
  const frame = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const { current } = frame;
    const note = (): void => {
      if (current) isAtEnd.current = current.scrollLeft + current.clientWidth >= current.scrollWidth - 4;
    };
    current?.addEventListener('scroll', note);
    return () => current?.removeEventListener('scroll', note);
  }, []);
  useLayoutEffect(() => {
    if (frame.current && isAtEnd.current && last !== undefined) frame.current.scrollLeft = frame.current.scrollWidth;
  }, [last]);
  return frame;
}

function Row({ row, indices, marks }: { row: LogRow; indices: readonly number[]; marks: readonly string[] }) {
  const { node, isUp, last, entries } = row;
  const isSelected = selectedNode.value === node;
  return (
    <tr class={[!isUp && 'down', isSelected && 'selected'].filter(Boolean).join(' ')} data-node={node}>
      <th scope="row">
        <button type="button" aria-pressed={isSelected} onClick={() => selectNode(isSelected ? undefined : node)}>
          {node}
        </button>
        {!isUp && ' down'}
      </th>
      <td class="number">{last}</td>
      {marks.map((name) => (
        <td key={name} class="number">
          {row.marks.find((mark) => mark.name === name)?.index ?? '–'}
        </td>
      ))}
      {indices.map((index) => {
        const entry = entries.get(index);
        const at = row.marks.flatMap((mark, place) => (mark.index === index ? [`mark-${place % 3}`] : []));
        const classes = entry ? [`hue-${entry.hue}`, 'entry', !entry.agrees && 'differs', ...at] : ['none', ...at];
        return (
          <td
            key={index}
            class={classes.filter(Boolean).join(' ')}
            title={entry ? `${index}: ${entry.text}` : undefined}
          >
            {entry?.group || (entry ? '·' : '')}
            {entry && !entry.agrees && <span class="sign">≠</span>}
          </td>
        );
      })}
    </tr>
  );
}

/** Who has answered those who count, without a log. */
export function QuorumsView() {
  return (
    <div class="logs">
      <Quorums />
    </div>
  );
}

function Quorums() {
  if (tallies.value.length === 0) return <p class="empty">Nobody waits for answers at present.</p>;
  return (
    <section aria-label="Quorums">
      <h3>Quorums</h3>
      <table class="tallies">
        <tbody>
          {tallies.value.map((each) => (
            <TallyRow key={`${each.address} ${each.what}`} tally={each} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function TallyRow({ tally: { address, what, members, answered, needed } }: { tally: Tally }) {
  const isReached = answered >= needed;
  return (
    <tr class={isReached ? 'reached' : undefined}>
      <th scope="row">{address}</th>
      <td>{what}</td>
      <td class="dots" aria-hidden="true">
        {members.map((member) => (
          <span
            key={member.address}
            class={member.hasAnswered ? 'answer given' : 'answer'}
            title={`${member.address} ${member.hasAnswered ? 'has answered' : 'has not answered'}`}
          />
        ))}
      </td>
      <td class="number">
        {answered} of {members.length}, {needed} needed{isReached ? ': reached' : ''}
      </td>
    </tr>
  );
}
