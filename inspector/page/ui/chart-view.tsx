import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { activeStates } from '../../src/chart/active.ts';
import type { Detail, Drawing } from '../../src/chart/drawing.ts';
import type { ActorView } from '../../src/world/world.ts';
import { definitionOf, drawingOf } from '../chart/layouts.ts';
import { recording } from '../state/store.ts';
import { eachFrame } from '../views/charts/frames.ts';
import { LIT_MS, LiveChart } from '../views/charts/live-chart.ts';
import { nowOf } from '../views/charts/now.ts';
import { foldedIn, heatShown } from '../views/charts/options.ts';
import { ChartSvg } from './chart-svg.tsx';

const NONE: readonly string[] = [];

interface ChartViewProps {
  readonly actor: ActorView;
  readonly detail: Detail;
  /** Whether what its actor is at is lit, and what it just did. */
  readonly lit: boolean;
  /** Told when a chart is drawn, and its element. */
  readonly onDrawn?: (host: HTMLElement, drawing: Drawing) => void;
}

/** A chart that is drawn once; what happens only changes classes. */
export function ChartView({ actor, detail, lit, onDrawn }: ChartViewProps) {
  const [drawing, setDrawing] = useState<Drawing>();
  const host = useRef<HTMLSpanElement>(null);
  const live = useRef<LiveChart | undefined>(undefined);
  const folded = detail === 'full' ? foldedIn(actor.chart.id) : NONE;
  useEffect(() => {
    let current = true;
    void drawingOf(actor.chart, detail, folded).then((next) => current && setDrawing(next));
    return () => {
      current = false;
    };
  }, [definitionOf(actor.chart), detail, folded]);
  useLayoutEffect(() => {
    if (!host.current || !drawing) return;
    live.current = new LiveChart(host.current);
    onDrawn?.(host.current, drawing);
  }, [drawing]);
  useMarks(live, drawing, actor, lit, detail);
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

/** Keeps what is lit, coloured and counted as the actor is. */
function useMarks(
  live: { readonly current: LiveChart | undefined },
  drawing: Drawing | undefined,
  actor: ActorView,
  lit: boolean,
  detail: Detail,
): void {
  useLayoutEffect(
    () => live.current?.activate(lit ? activeStates(actor.chart, actor.state) : NONE),
    [drawing, actor.state, lit],
  );
  useEffect(() => {
    live.current?.take(lit ? actor.lastTransitions : NONE);
    const timer = setTimeout(() => live.current?.take(NONE), LIT_MS);
    return () => clearTimeout(timer);
  }, [drawing, actor.lastTransitions, lit]);
  const heat = heatShown.value;
  useEffect(() => live.current?.warm(actor.chart, heat ? actor.counts : undefined), [drawing, actor.counts, heat]);
  useEffect(() => {
    if (detail === 'full') live.current?.judge(actor.lastGuards);
  }, [drawing, actor.lastGuards]);
  const { value: isRecording } = recording;
  useEffect(() => {
    const chart = live.current;
    if (!chart?.arm(actor.timers)) return;
    const draw = (): void => chart.countDown(actor.timers, nowOf(actor));
    draw();
    // In a recording time goes on with the cursor, and each step of that draws anew.
    return isRecording ? undefined : eachFrame(draw);
  }, [drawing, actor.timers, actor.at, isRecording]);
}
