import { byName } from '../../../src/world/by-name.ts';
import { faults, present } from '../../state/faults.ts';
import { isByActor, shortAddress } from '../../state/lone.ts';
import { controls, recording, selectedNode } from '../../state/store.ts';
import { ClockForm } from './clock-form.tsx';
import { LinkForm, OtherLinks } from './link-form.tsx';
import { canDisturb, chooseLink, pointedAt, selected, selectedLink, span, traffic } from './state.ts';
import type { LinkTraffic } from './traffic.ts';
import { amount, faultsOn, isCut, shortFaults, shortMs } from './words.ts';

/** Links listed at most. */
const MAX_ROWS = 60;

/** The numbers behind the drawing, and the forms for faults: the way by keyboard to all that can be done by pointing. */
export function SidePanel() {
  const node = selectedNode.value;
  const isSkewable = node !== undefined && !recording.value && controls.value.includes('skew');
  return (
    <aside class="topology-side" aria-label="Links">
      {selectedLink.value && (
        <LinkForm key={`${selectedLink.value.from}>${selectedLink.value.to}`} ends={selectedLink.value} />
      )}
      {isSkewable && <ClockForm key={node} node={node} rate={present.value.rates[node] ?? 1} />}
      <Links />
      {canDisturb.value && !selectedLink.value && <OtherLinks />}
    </aside>
  );
}

/** The links of the node that is selected, else of all; the busiest first. */
function Links() {
  const node = selected.value;
  const all = [...traffic.value.links.values()].filter(
    ({ from, to }) => node === undefined || from === node || to === node,
  );
  const sorted = all.sort((a, b) => b.sent - a.sent || byName(a.from, b.from) || byName(a.to, b.to));
  if (sorted.length === 0)
    return (
      <p class="empty">Nothing was sent {node === undefined ? '' : `from or to ${shortAddress(node)} `}in this time.</p>
    );
  return (
    <table class="links">
      <caption>{node === undefined ? 'Links' : `Links of ${shortAddress(node)}`}</caption>
      <thead>
        <tr>
          <th scope="col">link</th>
          <th scope="col">sent</th>
          <th scope="col">{span.value.unit === 'step' ? 'steps' : 'latency'}</th>
          <th scope="col" title="under way: sent, and neither delivered nor lost">
            queue
          </th>
          <th scope="col">lost</th>
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, MAX_ROWS).map((link) => (
          <Row key={`${link.from}>${link.to}`} link={link} />
        ))}
      </tbody>
      {sorted.length > MAX_ROWS && (
        <tfoot>
          <tr>
            <td colSpan={5}>
              {sorted.length - MAX_ROWS} more; select {isByActor.value ? 'an actor' : 'a node'} to see its own.
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Row({ link }: { link: LinkTraffic }) {
  const { from, to, sent, latencyMs, underWay, lost, twice } = link;
  const isSelected = selectedLink.value?.from === from && selectedLink.value.to === to;
  const laid = faultsOn(faults.value, from, to);
  const trouble = [isCut(faults.value, from, to) && 'cut', laid.length > 0 && shortFaults(laid)].filter(Boolean);
  return (
    <tr
      class={isSelected ? 'selected' : undefined}
      onPointerEnter={() => {
        pointedAt.value = { from, to };
      }}
    >
      <th scope="row">
        <button
          type="button"
          aria-pressed={isSelected}
          title={`${from} → ${to}\n${canDisturb.value ? 'Lay faults on this link' : 'Look closely at this link'}`}
          onClick={() => chooseLink({ from, to })}
        >
          {shortAddress(from)} → {shortAddress(to)}
        </button>
        {trouble.length > 0 && <span class="trouble">{trouble.join(', ')}</span>}
      </th>
      <td>{amount(sent, span.value)}</td>
      <td>{latencyMs === undefined ? '–' : span.value.unit === 'step' ? latencyMs : shortMs(latencyMs)}</td>
      <td>{underWay}</td>
      <td>
        {lost}
        {twice > 0 && <span class="trouble"> +{twice} twice</span>}
      </td>
    </tr>
  );
}
