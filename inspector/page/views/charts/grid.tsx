import { memo } from 'preact/compat';
import { useEffect, useRef, useState } from 'preact/hooks';
import { shortState } from '../../../src/chart/active.ts';
import { isStatusChart } from '../../../src/chart/status-chart.ts';
import type { ActorView } from '../../../src/world/world.ts';
import { actorHue, actorWords } from '../../state/actor-words.ts';
import { family, type Kin } from '../../state/family.ts';
import { isByActor, loneNode, shortAddress } from '../../state/lone.ts';
import { mainActor, selectActor, selectNode, world } from '../../state/store.ts';
import { FittingChart } from './fitting-chart.tsx';
import { FramesView } from './frames-view.tsx';

/** Cards up to which each has a chart that can be read; of more, the frames alone are drawn. */
const MOST_CHARTS = 12;

/** A card with a small chart for every node; where there is but one, for every actor that runs on it. */
export function Grid({ nodes }: { nodes: readonly string[] }) {
  const lone = loneNode.value ?? '';
  const actors = isByActor.value ? machinesFirst(family(Object.values(world.value[lone]?.actors ?? {}))) : [];
  const shown =
    actors.length > 0
      ? actors.map(({ actor }) => ({ node: lone, name: shortAddress(actor.address), actor }))
      : nodes.map((node) => ({ node, name: node, actor: mainActor(node) }));
  const isMany = shown.length > MOST_CHARTS;
  return (
    <div class={isMany ? 'grid small' : actors.length > 0 ? 'grid wide' : 'grid'}>
      {shown.map(
        ({ node, name, actor }) =>
          actor && (
            <Small
              key={name}
              node={node}
              name={name}
              actor={actor}
              up={world.value[node]?.up ?? false}
              isMany={isMany}
              isOfActor={actors.length > 0}
            />
          ),
      )}
    </div>
  );
}

/** Promises and callbacks have little to show: they stand after all machines. */
const machinesFirst = (kin: readonly Kin[]): readonly Kin[] =>
  kin.toSorted((a, b) => Number(isStatusChart(a.actor.chart)) - Number(isStatusChart(b.actor.chart)));

interface SmallProps {
  readonly node: string;
  readonly name: string;
  readonly actor: ActorView;
  readonly up: boolean;
  readonly isMany: boolean;
  /** Whether the card stands for the actor, and not for its node. */
  readonly isOfActor: boolean;
}

/** Drawn anew only when something happens on its own node, and only while it is in sight. */
const Small = memo((props: SmallProps) => {
  const host = useRef<HTMLButtonElement>(null);
  const isSeen = useSight(host);
  const shown = useRef(props);
  // What is out of sight stays as it was last seen.
  if (isSeen) shown.current = props;
  const { node, name, actor, up, isMany, isOfActor } = isSeen ? props : shown.current;
  const running = up && actor.phase === 'running';
  const words = actorWords(actor, up);
  return (
    <button
      type="button"
      ref={host}
      class={`card ${actorHue(actor, up)}`}
      data-node={node}
      data-actor={actor.address}
      onClick={() => (isOfActor ? selectActor(actor.address) : selectNode(node))}
    >
      <span class="card-title">
        <span class="dot" aria-hidden="true" />
        <strong>{name}</strong>
        <span class="words" title={words}>
          {shortState(words, 24)}
        </span>
      </span>
      {isMany ? <FramesView actor={actor} running={running} /> : <FittingChart actor={actor} lit={running} />}
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
