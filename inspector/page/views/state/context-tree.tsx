import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ROW, type RowProps, VirtualList } from '../../ui/virtual-list.tsx';
import { type Opened, previewOf, rowsOf, type TreeRow } from './values.ts';

interface TreeProps {
  readonly label: string;
  readonly value: unknown;
  /** What it is compared with, and what stands between the two values. */
  readonly other: { readonly value: unknown } | undefined;
  /** Whether the two stand beside each other, rather than one after the other. */
  readonly beside?: boolean;
  /** A field of the context is asked for. */
  readonly onField?: (name: string) => void;
}

/** A context as a tree that opens and closes, with what differs marked. */
export function ContextTree({ label, value, other, beside = false, onField }: TreeProps) {
  const opened = useSignal<Opened>({ open: new Set(), closed: new Set() });
  const current = useSignal<string | undefined>(undefined);
  const rows = useMemo(
    () => rowsOf(value, other, opened.value),
    [value, other?.value, other === undefined, opened.value],
  );
  const at = rows.findIndex(({ path }) => path === current.value);
  const open = (row: TreeRow, isOpen: boolean): void => {
    const { open, closed } = { open: new Set(opened.value.open), closed: new Set(opened.value.closed) };
    (isOpen ? closed : open).delete(row.path);
    (isOpen ? open : closed).add(row.path);
    opened.value = { open, closed };
  };
  const enter = (row: TreeRow): void => {
    current.value = row.path;
    if (row.isOpen !== undefined) open(row, !row.isOpen);
    if (row.depth === 0) onField?.(row.name);
  };
  return (
    <div class="tree" style={{ height: `min(${Math.max(1, rows.length) * ROW + 2}px, 46vh)` }}>
      <VirtualList
        label={label}
        role="tree"
        count={rows.length}
        current={at}
        inSight={at}
        onMove={(row) => {
          current.value = rows[row]?.path;
        }}
        onKey={(event) => {
          const row = rows[at];
          if (!row || !['ArrowRight', 'ArrowLeft', 'Enter', ' '].includes(event.key)) return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === 'ArrowRight') return row.isOpen === false ? open(row, true) : undefined;
          if (event.key !== 'ArrowLeft') return enter(row);
          if (row.isOpen) open(row, false);
          else current.value = row.depth > 0 ? row.path.slice(0, row.path.lastIndexOf('/')) : row.path;
        }}
        row={(place, props) => {
          const row = rows[place] as TreeRow;
          return (
            <Row
              key={row.path}
              row={row}
              props={props}
              beside={beside}
              isCurrent={place === at}
              onEnter={() => enter(row)}
            />
          );
        }}
        empty={<p class="empty nothing">Nothing in it.</p>}
      />
    </div>
  );
}

/** What stands before a row that differs: a sign besides the colour. */
const SIGNS = { added: '+', removed: '−', changed: '→' } as const;

interface RowOf {
  readonly row: TreeRow;
  readonly props: RowProps;
  readonly beside: boolean;
  readonly isCurrent: boolean;
  readonly onEnter: () => void;
}

function Row({ row, props, beside, isCurrent, onEnter }: RowOf) {
  const { name, depth, value, other, change, isOpen, isCut } = row;
  const inside = isOpen === true && change === 'changed';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the focus, and its keys.
    <div
      class={`field ${change ?? ''}${isCut ? ' cut' : ''}${isCurrent ? ' current' : ''}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-selected={isCurrent}
      {...(isOpen !== undefined && { 'aria-expanded': isOpen })}
      {...props}
      onClick={onEnter}
    >
      <span class="twist" style={{ marginLeft: `${Math.min(depth, 12) * 14}px` }} aria-hidden="true">
        {isOpen === undefined ? '' : isOpen ? '▾' : '▸'}
      </span>
      <span class="field-name">{name}</span>
      {beside ? (
        <>
          <span class="field-value">{previewOf(value)}</span>
          <span class="differs">{change ? '≠' : ''}</span>
          <span class="field-value other">{previewOf(other)}</span>
        </>
      ) : (
        <>
          {change && !inside && (
            <span class="was">
              {change === 'added' ? 'new' : previewOf(other, 60)} <strong>{SIGNS[change]}</strong>
            </span>
          )}
          {change !== 'removed' && <span class="field-value">{previewOf(value)}</span>}
        </>
      )}
      {isCut && <span class="hint">cut</span>}
    </div>
  );
}
