import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { activeStates } from '../../../src/chart/active.ts';
import type { Drawing } from '../../../src/chart/drawing.ts';
import { outlineOf } from '../../../src/chart/picture.ts';
import type { ActorView } from '../../../src/world/world.ts';
import { definitionOf, drawingOf } from '../../chart/layouts.ts';
import { SvgPart } from '../../ui/chart-svg.tsx';
import { LiveChart } from './live-chart.ts';

/** A chart without text and lines: where its actor is, can be seen from afar. */
export function FramesView({ actor, running }: { actor: ActorView; running: boolean }) {
  const [drawing, setDrawing] = useState<Drawing>();
  const host = useRef<HTMLSpanElement>(null);
  const live = useRef<LiveChart | undefined>(undefined);
  useEffect(() => {
    let current = true;
    void drawingOf(actor.chart, 'names').then((next) => current && setDrawing(next));
    return () => {
      current = false;
    };
  }, [definitionOf(actor.chart)]);
  useLayoutEffect(() => {
    live.current = host.current && drawing ? new LiveChart(host.current) : undefined;
  }, [drawing]);
  useLayoutEffect(
    () => live.current?.activate(running ? activeStates(actor.chart, actor.state) : []),
    [drawing, actor.state, running],
  );
  return (
    <span class="chart frames" ref={host}>
      {drawing && <Still drawing={drawing} label={`Statechart of ${actor.protocol}`} />}
    </span>
  );
}

const Still = memo(({ drawing, label }: { drawing: Drawing; label: string }) => (
  <SvgPart part={outlineOf(drawing, label)} />
));
