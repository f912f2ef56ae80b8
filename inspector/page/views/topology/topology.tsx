import { useEffect, useRef, useState } from 'preact/hooks';
import { faults } from '../../state/faults.ts';
import { shortAddress } from '../../state/lone.ts';
import { inShort } from '../../state/matrix.ts';
import { marked } from '../../state/membership.ts';
import { Diagram } from './diagram.tsx';
import { Keys } from './keys.tsx';
import { SidePanel } from './side-panel.tsx';
import {
  beginDrawing,
  beyond,
  canPart,
  chooseWindow,
  drawn,
  endDrawing,
  isDrawing,
  markedSides,
  part,
  pointedAt,
  span,
  traffic,
  unit,
  WINDOWS,
  watchTraffic,
  windowLength,
} from './state.ts';
import { linkKey } from './traffic.ts';
import { amount, linkWords } from './words.ts';

/** Nodes and what goes between them, before the cursor; with controls, what is to go wrong there. */
export function Topology() {
  useEffect(watchTraffic, []);
  return (
    <section class="topology" aria-label="Topology">
      <div class="topology-head">
        <DrawButton />
        <Window />
        <Keys />
      </div>
      <p class="pointed">
        <Hint />
      </p>
      <div class="topology-body">
        <Frame />
        <SidePanel />
      </div>
    </section>
  );
}

/** The drawing, as large as there is room. */
function Frame() {
  const host = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const { width, height } = element.getBoundingClientRect();
      setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="topology-frame" ref={host}>
      {drawn.value.length === 0 ? (
        <p class="empty">Nodes stand here, and what goes between them, as soon as there are any.</p>
      ) : (
        size.width > 0 && size.height > 0 && <Diagram nodes={drawn.value} {...size} />
      )}
    </div>
  );
}

function DrawButton() {
  if (!canPart.value) return null;
  return (
    <button
      type="button"
      class="draw"
      aria-pressed={isDrawing.value}
      onClick={() => (isDrawing.value ? endDrawing() : beginDrawing())}
      onKeyDown={(event) => {
        if (event.key === 'Escape') endDrawing();
      }}
    >
      Draw a partition
    </button>
  );
}

function Window() {
  const lengths = WINDOWS[unit.value];
  return (
    <label class="window">
      of the last
      <select
        value={lengths.indexOf(windowLength.value as never)}
        onChange={(event) => chooseWindow(Number(event.currentTarget.value))}
      >
        {lengths.map((length, at) => (
          <option key={length} value={at}>
            {unit.value === 'step' ? `${length} steps` : `${length / 1_000} s`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What a person points at, or what there is to do. */
function Hint() {
  const at = pointedAt.value;
  if (isDrawing.value) return <DrawHint />;
  if (at && 'node' in at) return <>{nodeWords(at.node)}</>;
  if (at) {
    const link = traffic.value.links.get(linkKey(at.from, at.to));
    return <>{linkWords(shortAddress(at.from), shortAddress(at.to), link, faults.value, span.value)}</>;
  }
  return <>{totals()}</>;
}

function DrawHint() {
  const sides = markedSides.value;
  return (
    <span class="draw-hint" role="status">
      Draw a line between the nodes that are to be parted, or a ring about some; it is done when you let go, Escape ends
      it. By keyboard: mark nodes with Space, then
      {sides ? (
        <button type="button" onClick={() => part([sides[0]])}>
          part {inShort(sides[0])} from {inShort(sides[1])}
        </button>
      ) : (
        ' Enter.'
      )}
    </span>
  );
}

function totals(): string {
  const all = [...traffic.value.links.values()];
  const sum = (of: (link: (typeof all)[number]) => number): number => all.reduce((total, link) => total + of(link), 0);
  const parts = [
    `${amount(
      sum(({ sent }) => sent),
      span.value,
    )} sent over ${all.length} ${all.length === 1 ? 'link' : 'links'}`,
  ];
  const [underWay, lost] = [sum((link) => link.underWay), sum((link) => link.lost)];
  if (underWay > 0) parts.push(`${underWay} under way`);
  if (lost > 0) parts.push(`${lost} lost`);
  if (beyond.value > 0) parts.push(`${beyond.value} more actors are not drawn`);
  return parts.join(', ');
}

/** What a node, or an actor, sends and receives, in a line. */
function nodeWords(node: string): string {
  const all = [...traffic.value.links.values()];
  const count = (of: 'from' | 'to', what: 'sent' | 'delivered'): string =>
    amount(
      all.filter((link) => link[of] === node).reduce((total, link) => total + link[what], 0),
      span.value,
    );
  const parts = [`${shortAddress(node)}: ${count('from', 'sent')} sent, ${count('to', 'delivered')} received`];
  const rate = faults.value.rates[node];
  if (rate !== undefined) parts.push(`its clock runs ${rate} times as fast as a true one`);
  if (marked.value.includes(node)) parts.push('marked');
  return parts.join(', ');
}
