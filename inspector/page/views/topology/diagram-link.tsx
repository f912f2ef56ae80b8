import { memo } from 'preact/compat';
import { byName } from '../../../src/world/by-name.ts';
import { faults } from '../../state/faults.ts';
import { curveBetween, type Places, pathOf } from './geometry.ts';
import { placePlates } from './plates.ts';
import { chooseLink, FEW, type LinkEnds, pointedAt, selected, selectedLink, span, traffic } from './state.ts';
import { type LinkTraffic, linkKey } from './traffic.ts';
import { amount, faultsOn, isCut, latencyClass, shortFaults, shortMs } from './words.ts';

/** The width of the busiest link, in pixels. */
const WIDEST = 6;
/** The height of a label's row, and about the width of a character, in pixels. */
const ROW = 13;
const CHARACTER = 5.9;

interface LinkProps {
  readonly ends: LinkEnds;
  readonly places: Places;
  /** Messages of the link that has most. */
  readonly busiest: number;
  /** Whether there are too many for arrow heads. */
  readonly isDense: boolean;
}

/** A link as a curve: its width the rate, its colour the latency, dashed where it is cut; its numbers beside it where there is room. */
export function DiagramLink({ ends, places, busiest, isDense }: LinkProps) {
  const { from, to } = ends;
  const [a, b] = [places.at.get(from), places.at.get(to)];
  if (!a || !b) return null;
  const link = traffic.value.links.get(linkKey(from, to));
  const curve = curveBetween(a, b, places.radius);
  const path = pathOf(curve);
  const width = link && link.sent > 0 ? 1 + (WIDEST - 1) * Math.sqrt(link.sent / busiest) : 1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard, links are reached in the table beside the drawing
    <g
      class={classOf(ends, link)}
      data-link={linkKey(from, to)}
      onClick={() => chooseLink(ends)}
      onPointerEnter={() => {
        pointedAt.value = ends;
      }}
    >
      <path class="grip" d={path} />
      <Stroke path={path} width={width} isDense={isDense} />
    </g>
  );
}

/** The numbers of links beside them, on plates that lie over all links. */
export function LinkLabels({ links, places }: { readonly links: readonly LinkEnds[]; readonly places: Places }) {
  const labels = links.flatMap((ends) => {
    const [a, b] = [places.at.get(ends.from), places.at.get(ends.to)];
    if (!a || !b || !isLabelled(ends, places)) return [];
    const rows = labelOf(ends, traffic.value.links.get(linkKey(ends.from, ends.to)));
    if (rows.length === 0) return [];
    const width = Math.max(...rows.map(({ length }) => length)) * CHARACTER + 8;
    return [{ ends, rows, curve: curveBetween(a, b, places.radius), width, height: rows.length * ROW + 2 }];
  });
  const middles = placePlates(labels);
  return (
    <>
      {labels.map(({ ends, rows, width, height }, index) => {
        const { x, y } = middles[index] ?? places.centre;
        const top = y - height / 2;
        return (
          <g
            key={linkKey(ends.from, ends.to)}
            class={isCut(faults.value, ends.from, ends.to) ? 'link-label cut' : 'link-label'}
          >
            <rect x={x - width / 2} y={top} width={width} height={height} rx={4} />
            <text x={x} y={top + 1 + ROW / 2}>
              {rows.map((words, row) => (
                <tspan key={row} x={x} dy={row === 0 ? 0 : ROW}>
                  {words}
                </tspan>
              ))}
            </text>
          </g>
        );
      })}
    </>
  );
}

const Stroke = memo(({ path, width, isDense }: { path: string; width: number; isDense: boolean }) => (
  <path class="stroke" d={path} style={{ strokeWidth: width }} marker-end={isDense ? undefined : 'url(#head)'} />
));

/** Between nodes that stand closer, labels would lie on each other; in pixels. */
const CLOSE = 190;

/** Few links all have labels; of many, those of the node or link that is looked at. */
function isLabelled({ from, to }: LinkEnds, places: Places): boolean {
  const link = selectedLink.value;
  if (link) return link.from === from && link.to === to;
  const [a, b] = [places.at.get(from), places.at.get(to)];
  if (a && b && Math.hypot(a.x - b.x, a.y - b.y) < CLOSE) return false;
  if (selected.value !== undefined && places.at.size > 3)
    return (from === selected.value || to === selected.value) && places.at.size <= FEW;
  return places.at.size <= 5;
}

function labelOf({ from, to }: LinkEnds, link: LinkTraffic | undefined): string[] {
  // What lies on all links is told once, above the drawing.
  const laid = faultsOn(faults.value, from, to).filter((fault) => fault.from !== undefined || fault.to !== undefined);
  // A cut is one of both ways: one plate tells of it, and the table of the rest.
  if (isCut(faults.value, from, to) && selectedLink.value === undefined) {
    if (byName(from, to) > 0) return [];
    const back = traffic.value.links.get(linkKey(to, from));
    const lost = (link?.lost ?? 0) + (back?.lost ?? 0);
    return [lost > 0 ? `cut · ${lost} lost` : 'cut'];
  }
  const numbers = [
    link && amount(link.sent, span.value),
    link?.latencyMs !== undefined && (span.value.unit === 'step' ? `${link.latencyMs}` : shortMs(link.latencyMs)),
  ];
  const trouble = [
    isCut(faults.value, from, to) && 'cut',
    link && link.lost > 0 && `${link.lost} lost`,
    link && link.twice > 0 && `${link.twice} twice`,
  ];
  const rows = [numbers, trouble, [laid.length > 0 && shortFaults(laid)]];
  return rows.map((row) => row.filter(Boolean).join(' · ')).filter((row) => row !== '');
}

function classOf({ from, to }: LinkEnds, link: LinkTraffic | undefined): string {
  const latency = latencyClass(link?.latencyMs);
  const isSelected = selectedLink.value?.from === from && selectedLink.value.to === to;
  const node = selected.value;
  const classes = [
    'topology-link',
    latency === undefined ? 'silent' : `latency-${latency}`,
    isCut(faults.value, from, to) && 'cut',
    link && link.lost > 0 && 'lossy',
    faultsOn(faults.value, from, to).length > 0 && 'disturbed',
    isSelected && 'selected',
    node !== undefined && from !== node && to !== node && !isSelected && 'aside',
  ];
  return classes.filter(Boolean).join(' ');
}
