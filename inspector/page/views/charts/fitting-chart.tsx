import { useEffect, useRef, useState } from 'preact/hooks';
import type { Detail } from '../../../src/chart/drawing.ts';
import { MARGIN } from '../../../src/chart/picture.ts';
import type { ActorView } from '../../../src/world/world.ts';
import { definitionOf, drawingOf } from '../../chart/layouts.ts';
import { ChartView } from '../../ui/chart-view.tsx';
import { detailFor } from './fitting.ts';

/** Rooms are told apart by so many pixels: a chart is not drawn anew for less. */
const STEP = 20;

/** A chart with as much in it as can be read in the room that there is. */
export function FittingChart({ actor, lit }: { actor: ActorView; lit: boolean }) {
  const host = useRef<HTMLSpanElement>(null);
  const room = useRoom(host);
  const [detail, setDetail] = useState<Detail>();
  useEffect(() => {
    if (!room) return;
    let current = true;
    const draw = async (each: Detail) => {
      const { width, height } = await drawingOf(actor.chart, each);
      return { width: width + 2 * MARGIN, height: height + 2 * MARGIN };
    };
    void detailFor(room, draw).then((found) => current && setDetail(found));
    return () => {
      current = false;
    };
  }, [definitionOf(actor.chart), room?.width, room?.height]);
  return (
    <span class="fitting" ref={host}>
      {detail && <ChartView key={detail} actor={actor} detail={detail} lit={lit} />}
    </span>
  );
}

/** How large an element is, as it changes. */
function useRoom(host: { readonly current: Element | null }) {
  const [room, setRoom] = useState<{ readonly width: number; readonly height: number }>();
  useEffect(() => {
    if (!host.current) return;
    const observer = new ResizeObserver((entries) => {
      const { width = 0, height = 0 } = entries.at(-1)?.contentRect ?? {};
      const stepped = (pixels: number): number => Math.floor(pixels / STEP) * STEP;
      if (width > 0 && height > 0) setRoom({ width: stepped(width), height: stepped(height) });
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  return room;
}
