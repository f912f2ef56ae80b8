import { memo } from 'preact/compat';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { faults } from '../state/faults.ts';
import { isDisputed, type Matrix, memberIn, type Observer } from '../state/matrix.ts';
import { groupOf, marked, marksOffered, pointed, toggleMark, verdicts } from '../state/membership.ts';
import { selectedNode, selectNode } from '../state/store.ts';
import { SIGNS } from './legend.tsx';
import { walk } from './walk.ts';

/** Rows and columns that are drawn; of more, the first. */
const MAX_SHOWN = 120;

/** A row for each observer, a column for each member; each cell and name can be reached by the arrow keys. */
export function MatrixTable({ matrix }: { matrix: Matrix }) {
  const host = useRef<HTMLDivElement>(null);
  const columns = matrix.columns.slice(0, MAX_SHOWN);
  const rows = matrix.rows.slice(0, MAX_SHOWN);
  useLayoutEffect(() => fit(host.current, columns.length, rows.length), [columns.length, rows.length]);
  const disputed = new Set(verdicts.value.filter(isDisputed).map(({ node }) => node));
  const hidden = matrix.columns.length - columns.length;
  return (
    <div class="matrix-frame" ref={host}>
      <table
        class="matrix"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA's grid may be a table, walked by the arrow keys
        role="grid"
        aria-label="Members, as each node sees them"
        onClick={pick}
        onKeyDown={press}
        onFocusIn={point}
        onPointerOver={point}
        onPointerLeave={() => {
          pointed.value = undefined;
        }}
      >
        <thead>
          <tr>
            <th class="corner" tabIndex={0} scope="col" aria-label="Observers below, members to the right" />
            {columns.map((node) => (
              <th key={node} scope="col" tabIndex={-1} data-member={node} class={nameClass(node, disputed.has(node))}>
                <span>{node}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={row.node}
              row={row}
              columns={matrix.columns}
              shown={columns.length}
              className={rowClass(row)}
              headClass={nameClass(row.node, false)}
              selected={selectedNode.value}
            />
          ))}
        </tbody>
      </table>
      {hidden > 0 && <p class="empty">{hidden} more are not shown.</p>}
    </div>
  );
}

interface RowProps {
  readonly row: Observer;
  readonly columns: readonly string[];
  readonly shown: number;
  readonly className: string;
  readonly headClass: string;
  readonly selected: string | undefined;
}

const Row = memo(({ row, columns, shown, className, headClass, selected }: RowProps) => (
  <tr class={className} data-observer={row.node}>
    <th scope="row" tabIndex={-1} data-observer={row.node} class={headClass}>
      {row.node}
    </th>
    {columns.slice(0, shown).map((node) => (
      <Cell key={node} row={row} node={node} isSelected={node === selected} />
    ))}
  </tr>
));

function Cell({ row, node, isSelected }: { row: Observer; node: string; isSelected: boolean }) {
  const member = row.up ? memberIn(row.seen, node) : undefined;
  const isSelf = row.node === node;
  const standing = member?.status ?? (isSelf && row.up ? 'self' : 'unknown');
  const words = member ? `${member.status}, incarnation ${member.incarnation}` : isSelf ? 'itself' : 'unknown';
  return (
    <td
      class={`cell ${standing}${isSelf ? ' diagonal' : ''}${isSelected ? ' selected' : ''}`}
      tabIndex={-1}
      data-observer={row.node}
      data-member={node}
      aria-label={`${row.node} sees ${node}: ${words}`}
    >
      {member && SIGNS[member.status]}
    </td>
  );
}

function rowClass({ node, up }: Observer): string {
  const held = up && faults.value.paused.includes(node);
  return [!up && 'down', held && 'paused', node === selectedNode.value && 'selected'].filter(Boolean).join(' ');
}

function nameClass(node: string, isDisputed: boolean): string {
  const group = groupOf(node);
  const classes = [
    'name',
    isDisputed && 'disputed',
    node === selectedNode.value && 'selected',
    marked.value.includes(node) && 'marked',
    group !== undefined && `group-${(group.charCodeAt(0) - 65) % 4}`,
  ];
  return classes.filter(Boolean).join(' ');
}

const placeOf = (target: EventTarget | null) => {
  const cell = target instanceof Element ? target.closest<HTMLElement>('td, th') : null;
  return { cell, observer: cell?.dataset.observer, member: cell?.dataset.member };
};

function point({ target }: Event): void {
  const { cell, observer, member } = placeOf(target);
  // The tooltip is made when somebody points: twenty-five hundred of them would be made anew many times a second.
  if (cell) cell.title = cell.getAttribute('aria-label') ?? cell.dataset.member ?? cell.dataset.observer ?? '';
  const isSame = pointed.value?.observer === observer && pointed.value?.member === member;
  if (!isSame) pointed.value = { ...(observer !== undefined && { observer }), ...(member !== undefined && { member }) };
}

/** Selects the member of a cell or of a name; with Ctrl or Shift marks it. */
function pick({ target, ctrlKey, metaKey, shiftKey }: MouseEvent | KeyboardEvent): void {
  const { observer, member } = placeOf(target);
  const node = member ?? observer;
  if (node === undefined) return;
  if (marksOffered.value && (ctrlKey || metaKey || shiftKey)) toggleMark(node);
  else selectNode(selectedNode.value === node ? undefined : node);
}

function press(event: KeyboardEvent): void {
  const { cell } = placeOf(event.target);
  if (cell && (event.key === 'Enter' || event.key === ' ')) pick(event);
  else if (!cell || !walk(cell, event.key)) return;
  event.preventDefault();
}

const MIN_CELL = 11;
const MAX_CELL = 28;
/** Room for the names above and to the left, in pixels. */
const NAMES = 44;

/** Makes the cells as large as all can be seen at once, within reason; the same again whenever there is more or less room. */
function fit(host: HTMLElement | null, columns: number, rows: number): () => void {
  if (!host) return () => {};
  const measure = (): void => {
    const { width, height } = host.getBoundingClientRect();
    const room = Math.min((width - NAMES) / Math.max(1, columns), (height - NAMES) / Math.max(1, rows));
    const across = (width - NAMES) / Math.max(1, columns);
    // A page that is wide and low scrolls down rather than showing cells too small to read.
    const size = Math.max(MIN_CELL, Math.min(MAX_CELL, across, Math.max(room, 14)));
    host.style.setProperty('--cell', `${size.toFixed(2)}px`);
  };
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(host);
  return () => observer.disconnect();
}
