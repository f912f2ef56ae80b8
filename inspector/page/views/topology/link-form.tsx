import type { LinkFault } from '@synod/protocol';
import { useState } from 'preact/hooks';
import type { Asked, LinkControl } from '../../../src/world/controls.ts';
import { ask } from '../../state/connection.ts';
import { faults, present } from '../../state/faults.ts';
import { isByActor, shortAddress } from '../../state/lone.ts';
import { controls, nodeNames } from '../../state/store.ts';
import { NumberField } from './number-field.tsx';
import { canDisturb, type LinkEnds, selectedLink, span, traffic } from './state.ts';
import { linkKey } from './traffic.ts';
import { linkWords } from './words.ts';

/** What a person may lay on a link: a name, a unit, and how far. */
const FIELDS = [
  { kind: 'drop', label: 'Drop', unit: '%', max: 100 },
  { kind: 'delay', label: 'Delay', unit: 'ms', max: 60_000 },
  { kind: 'duplicate', label: 'Duplicate', unit: '%', max: 100 },
] as const;

/** What is known of one link and, with controls, what is to lie on it. */
export function LinkForm({ ends }: { ends: LinkEnds }) {
  const { from, to } = ends;
  const [source, target] = [shortAddress(from), shortAddress(to)];
  return (
    <section class="link-form" aria-label={`Link ${source} to ${target}`}>
      <h3>
        {source} → {target}
        <button
          type="button"
          aria-label="Close link"
          onClick={() => {
            selectedLink.value = undefined;
          }}
        >
          Close
        </button>
      </h3>
      <p>{linkWords(source, target, traffic.value.links.get(linkKey(from, to)), faults.value, span.value)}</p>
      {canDisturb.value && !isByActor.value && <Fields from={from} to={to} />}
    </section>
  );
}

/** Links between any two nodes, or all: those that nothing goes over, too. */
export function OtherLinks() {
  const [from, setFrom] = useState(ALL);
  const [to, setTo] = useState(ALL);
  return (
    <section class="link-form" aria-label="Faults on any links">
      <h3>Faults on any links</h3>
      <div class="ends">
        <Ends label="from" value={from} choose={setFrom} />
        <Ends label="to" value={to} choose={setTo} />
      </div>
      <Fields key={`${from}>${to}`} from={from} to={to} />
    </section>
  );
}

/** In the place of a node, all of them. */
const ALL = '';

function Ends({ label, value, choose }: { label: string; value: string; choose: (node: string) => void }) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value={ALL}>all</option>
        {nodeNames.value.map((node) => (
          <option key={node}>{node}</option>
        ))}
      </select>
    </label>
  );
}

function Fields({ from, to }: LinkEnds) {
  const offered = FIELDS.filter(({ kind }) => controls.value.includes(kind));
  const laid = (kind: LinkControl): number =>
    amountOf(present.value.links.find((fault) => isExactly(fault, kind, from, to)));
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [isBoth, setBoth] = useState(false);
  const shown = (kind: LinkControl): string => values[kind] ?? String(laid(kind));
  const apply = (event: Event): void => {
    event.preventDefault();
    const links = isBoth
      ? [
          { from, to },
          { from: to, to: from },
        ]
      : [{ from, to }];
    const asked = offered.flatMap(({ kind }) =>
      links
        .filter((ends) => isBoth || Number(shown(kind)) !== laid(kind) || ends.from !== from)
        .map((ends): Asked => ({ control: 'disturb', fault: faultOf(kind, ends, Number(shown(kind))) })),
    );
    if (asked.length > 0) ask(...asked);
    setValues({});
  };
  return (
    <form onSubmit={apply}>
      {offered.map(({ kind, label, unit, max }) => (
        <NumberField
          key={kind}
          {...{ name: kind, label, unit, min: 0, max }}
          value={shown(kind)}
          set={(value) => setValues({ ...values, [kind]: value })}
        />
      ))}
      <label class="both">
        <input type="checkbox" checked={isBoth} onChange={(event) => setBoth(event.currentTarget.checked)} />
        and back
      </label>
      <button type="submit" disabled={from === to && from !== ALL}>
        Lay on {from === ALL || to === ALL ? 'links' : 'link'}
      </button>
    </form>
  );
}

/** Whether a fault lies on just these links. */
const isExactly = ({ kind, from, to }: LinkFault, wanted: LinkControl, source: string, target: string): boolean =>
  kind === wanted && isJust(from, source) && isJust(to, target);

const isJust = (nodes: readonly string[] | undefined, node: string): boolean =>
  node === ALL ? nodes === undefined : nodes?.length === 1 && nodes[0] === node;

/** How much of it, in the unit of its field. */
function amountOf(fault: LinkFault | undefined): number {
  if (!fault) return 0;
  return fault.kind === 'delay' ? fault.addMs[1] : Number((fault.chance * 100).toFixed(3));
}

function faultOf(kind: LinkControl, { from, to }: LinkEnds, amount: number): LinkFault {
  const links = { ...(from !== ALL && { from: [from] }), ...(to !== ALL && { to: [to] }) };
  return kind === 'delay'
    ? { kind, ...links, addMs: [amount, amount] }
    : { kind, ...links, chance: Math.min(1, amount / 100) };
}
