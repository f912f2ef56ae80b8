import { memo } from 'preact/compat';
import { useEffect, useRef, useState } from 'preact/hooks';
import { hueOf, stateWords } from '../../../src/chart/active.ts';
import type { ActorView } from '../../../src/world/world.ts';
import { mainActor, selectNode, world } from '../../state/store.ts';
import { ChartView } from '../../ui/chart-view.tsx';
import { OutlineView } from './outline-view.tsx';

/** Nodes up to which each has a chart that can be read; of more, the frames alone are drawn. */
const MOST_CHARTS = 12;

/** A card with a small chart for every node. */
export function Grid({ nodes }: { nodes: readonly string[] }) {
  const isMany = nodes.length > MOST_CHARTS;
  return (
    <div class={isMany ? 'grid small' : 'grid'}>
      {nodes.map((name) => {
        const actor = mainActor(name);
        const running = (world.value[name]?.up ?? false) && actor?.phase === 'running';
        return actor && <Small key={name} node={name} actor={actor} running={running} isOutline={isMany} />;
      })}
    </div>
  );
}

interface SmallProps {
  readonly node: string;
  readonly actor: ActorView;
  readonly running: boolean;
  readonly isOutline: boolean;
}

/** Drawn anew only when something happens on its own node, and only while it is in sight. */
const Small = memo((props: SmallProps) => {
  const host = useRef<HTMLButtonElement>(null);
  const isSeen = useSight(host);
  const shown = useRef(props);
  // What is out of sight stays as it was last seen.
  if (isSeen) shown.current = props;
  const { node, actor, running, isOutline } = isSeen ? props : shown.current;
  const words = running ? stateWords(actor.state) : 'down';
  return (
    <button
      type="button"
      ref={host}
      class={`card ${running ? `hue-${hueOf(actor.chart, actor.state)}` : 'hue-down'}`}
      data-node={node}
      onClick={() => selectNode(node)}
    >
      <span class="card-title">
        <span class="dot" aria-hidden="true" />
        <strong>{node}</strong>
        <span class="words">{words}</span>
      </span>
      {isOutline ? (
        <OutlineView actor={actor} running={running} />
      ) : (
        <ChartView actor={actor} detail="compact" running={running} />
      )}
    </button>
  );
});

/** Whether an element is in sight, or close to it. */
function useSight(host: { readonly current: Element | null }): boolean {
  const [isSeen, setSeen] = useState(true);
  useEffect(() => {
    if (!host.current) return;
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? true), {
      rootMargin: '200px',
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  return isSeen;
}
