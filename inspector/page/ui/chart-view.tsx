import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Detail, Drawing } from '../../src/chart/drawing.ts';
import type { ActorView } from '../../src/world/world.ts';
import { activeStates } from '../chart/active.ts';
import { definitionOf, drawingOf } from '../chart/layouts.ts';
import { ChartSvg } from './chart-svg.tsx';

/** How long a transition stays lit, in milliseconds; the style sheet's animation is as long. */
const LIT_MS = 1_100;

/** A chart that is drawn once; what happens only changes classes. */
export function ChartView({ actor, detail, running }: { actor: ActorView; detail: Detail; running: boolean }) {
  const [drawing, setDrawing] = useState<Drawing>();
  const host = useRef<HTMLSpanElement>(null);
  const definition = definitionOf(actor.chart);
  useEffect(() => {
    let current = true;
    void drawingOf(actor.chart, detail).then((next) => current && setDrawing(next));
    return () => {
      current = false;
    };
  }, [definition, detail]);
  useLayoutEffect(
    () => light(host.current, running ? activeStates(actor.chart, actor.state) : []),
    [drawing, actor.state, running],
  );
  useEffect(() => flash(host.current, running ? actor.lastTransitions : []), [drawing, actor.lastTransitions]);
  return (
    <span class={`chart ${detail}`} ref={host}>
      {drawing ? (
        <Still drawing={drawing} label={`Statechart of ${actor.protocol}`} />
      ) : (
        <span class="empty">Drawing …</span>
      )}
    </span>
  );
}

const Still = memo(ChartSvg);

/** Marks the active states. */
function light(host: HTMLElement | null, active: readonly string[]): void {
  for (const element of host?.querySelectorAll('[data-state]') ?? []) {
    element.classList.toggle('active', active.includes(element.getAttribute('data-state') ?? ''));
  }
}

/** Lights the transitions that were just taken, for a moment. */
function flash(host: HTMLElement | null, refs: readonly string[]): () => void {
  const taken = [...(host?.querySelectorAll('[data-refs]') ?? [])].filter((element) =>
    (element.getAttribute('data-refs') ?? '').split('\n').some((ref) => refs.includes(ref)),
  );
  for (const element of taken) element.classList.add('taken');
  const end = () => {
    for (const element of taken) element.classList.remove('taken');
  };
  const timer = setTimeout(end, LIT_MS);
  return () => {
    clearTimeout(timer);
    end();
  };
}
