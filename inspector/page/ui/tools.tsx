import type { NodeControl } from '../../src/world/controls.ts';
import { ask } from '../state/connection.ts';
import { byName, inShort } from '../state/matrix.ts';
import { groupOf, marked, marksOffered } from '../state/membership.ts';
import { controls, faults, nodeNames, world } from '../state/store.ts';

/** What can be done to several nodes at once, and what is done to the network between them. */
export function Tools() {
  if (!marksOffered.value) return null;
  const nodes = marked.value.filter((node) => world.value[node]).sort(byName);
  const isAll = nodes.length === nodeNames.value.length;
  return (
    <section class="tools" aria-label="Faults">
      {nodes.length === 0 ? (
        <span class="hint">Mark nodes by their boxes, or by Ctrl- or Shift-click, to part them from the rest.</span>
      ) : (
        <>
          <span class="marked-nodes">
            <strong>{nodes.length}</strong> marked: {inShort(nodes)}
          </span>
          <button type="button" disabled={isAll} onClick={() => ask({ control: 'partition', groups: [nodes] })}>
            Partition marked
          </button>
          <Each control="pause" nodes={nodes} label="Pause marked" isFor={(node) => isUp(node) && !isPaused(node)} />
          <Each control="resume" nodes={nodes} label="Resume marked" isFor={isPaused} />
          <Each control="kill" nodes={nodes} label="Kill marked" isFor={isUp} />
          <Each control="restart" nodes={nodes} label="Restart marked" isFor={(node) => !isUp(node)} />
          <button
            type="button"
            onClick={() => {
              marked.value = [];
            }}
          >
            Unmark all
          </button>
        </>
      )}
      <Parted />
    </section>
  );
}

const isUp = (node: string): boolean => world.value[node]?.up ?? false;
const isPaused = (node: string): boolean => faults.value.paused.includes(node);

interface EachProps {
  readonly control: NodeControl;
  readonly nodes: readonly string[];
  readonly label: string;
  readonly isFor: (node: string) => boolean;
}

/** A control of one node for all that are marked, as far as it makes sense for them. */
function Each({ control, nodes, label, isFor }: EachProps) {
  const fit = nodes.filter(isFor);
  if (!controls.value.includes(control) || fit.length === 0) return null;
  return (
    <button type="button" class={control} onClick={() => ask(...fit.map((node) => ({ control, node })))}>
      {label}
    </button>
  );
}

/** The groups that cannot reach each other. */
function Parted() {
  const { groups } = faults.value;
  if (groups.length === 0) return null;
  return (
    <span class="parted">
      <strong>Partitioned:</strong>
      {groups.map((group, at) => (
        <span key={at} class={`group group-${at % 4}`}>
          {groupOf(group[0] ?? '')} {inShort(group)}
        </span>
      ))}
      <button type="button" onClick={() => ask({ control: 'heal' })}>
        Heal
      </button>
    </span>
  );
}
