import { describeLinkFault, type LinkFault } from '@synod/protocol';
import { byName } from '../../src/world/by-name.ts';
import type { Asked, NodeControl } from '../../src/world/controls.ts';
import { ask } from '../state/connection.ts';
import { faults, isPresent, present } from '../state/faults.ts';
import { inShort } from '../state/matrix.ts';
import { groupOf, marked, marksOffered } from '../state/membership.ts';
import { controls, nodeNames, world } from '../state/store.ts';

/** What can be done to several nodes at once, and what was done at the cursor to the network between them and to clocks: it can be ended in the present. */
export function Tools() {
  const { groups, links, rates } = faults.value;
  const isAnyInForce = groups.length > 0 || links.length > 0 || Object.keys(rates).length > 0;
  if (!marksOffered.value && !isAnyInForce) return null;
  return (
    <section class="tools" aria-label="Faults">
      {marksOffered.value && <Marked />}
      <Parted />
      <Laid />
    </section>
  );
}

/** The nodes that a person has marked, and what can be done to them. */
function Marked() {
  const nodes = marked.value.filter((node) => world.value[node]).sort(byName);
  const isAll = nodes.length === nodeNames.value.length;
  if (nodes.length === 0)
    return (
      <span class="hint" title="By their boxes, or by Ctrl- or Shift-click">
        Mark nodes to part them from the rest.
      </span>
    );
  return (
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
  );
}

const isUp = (node: string): boolean => world.value[node]?.up ?? false;
const isPaused = (node: string): boolean => present.value.paused.includes(node);

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
      {isPresent.value && controls.value.includes('heal') && (
        <button type="button" onClick={() => ask({ control: 'heal' })}>
          Heal
        </button>
      )}
    </span>
  );
}

/** What lies on links and clocks, and the way to end it. */
function Laid() {
  const { links, rates } = faults.value;
  const skewed = Object.entries(rates);
  const isAny = links.length + skewed.length > 0;
  return (
    <>
      {links.map((fault) => (
        <End
          key={describeLinkFault(fault)}
          text={describeLinkFault(fault)}
          isOffered={isPresent.value && controls.value.some((control) => control === fault.kind)}
          asked={{ control: 'disturb', fault: nothing(fault) }}
        />
      ))}
      {skewed.map(([node, rate]) => (
        <End
          key={node}
          text={`clock of ${node} at ${rate} times the true speed`}
          isOffered={isPresent.value && controls.value.includes('skew')}
          asked={{ control: 'skew', node, rate: 1, jumpMs: 0 }}
        />
      ))}
      {isAny && isPresent.value && controls.value.includes('clear') && (
        <button type="button" onClick={() => ask({ control: 'clear' })}>
          Clear all
        </button>
      )}
    </>
  );
}

/** One fault that is in force; where it can be ended, it ends when it is pressed. */
function End({ text, isOffered, asked }: { text: string; isOffered: boolean; asked: Asked }) {
  if (!isOffered) return <span class="laid told">{text}</span>;
  return (
    <button type="button" class="laid" aria-label={`End ${text}`} onClick={() => ask(asked)}>
      {text} <span aria-hidden="true">×</span>
    </button>
  );
}

/** The same fault on the same links, of nothing: it takes the other's place, and is none. */
const nothing = (fault: LinkFault): LinkFault =>
  fault.kind === 'delay' ? { ...fault, addMs: [0, 0] } : { ...fault, chance: 0 };
