import { useSignal } from '@preact/signals';
import type { TransitionRef } from '@synod/protocol';
import { useRef } from 'preact/hooks';
import { shortState } from '../../../src/chart/active.ts';
import type { Drawing } from '../../../src/chart/drawing.ts';
import { MARGIN } from '../../../src/chart/picture.ts';
import type { ActorView } from '../../../src/world/world.ts';
import { actorHue, actorWords, isSomewhere } from '../../state/actor-words.ts';
import { shortAddress } from '../../state/lone.ts';
import { selectActor, world } from '../../state/store.ts';
import { ChartView } from '../../ui/chart-view.tsx';
import { HeatLegend } from './heat-legend.tsx';
import { foldedIn, SIZES, type Size, size, toggleFold } from './options.ts';
import { largeActor } from './picture.ts';
import { foldOf, makeReachable } from './reachable.ts';
import { TransitionNote } from './transition-note.tsx';

/** The chart of one actor of a node, with all that is written in it. */
export function Large({ node }: { node: string }) {
  const actors = Object.values(world.value[node]?.actors ?? {});
  const actor = largeActor(node);
  if (!actor) return <p class="empty">No actor lives on {node}.</p>;
  const up = world.value[node]?.up ?? false;
  const lit = isSomewhere(actor, up);
  const words = actorWords(actor, up);
  return (
    <section
      class={`large ${actorHue(actor, up)}`}
      data-node={node}
      tabIndex={-1}
      aria-label={`Chart of ${actor.address}`}
    >
      <div class="card-title">
        <span class="dot" aria-hidden="true" />
        {actors.length > 1 ? (
          <select aria-label="Actor" value={actor.address} onChange={(event) => selectActor(event.currentTarget.value)}>
            {actors.map(({ address }) => (
              <option key={address} value={address}>
                {shortAddress(address)}
              </option>
            ))}
          </select>
        ) : (
          <strong>{actor.address}</strong>
        )}
        <span class="words" title={words}>
          {shortState(words, 48)}
        </span>
        <HeatLegend />
        <select
          aria-label="Size"
          value={size.value}
          onChange={(event) => {
            size.value = event.currentTarget.value as Size;
          }}
        >
          {Object.entries(SIZES).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <Explained key={actor.address} actor={actor} lit={lit} />
    </section>
  );
}

/** A legible chart is drawn no smaller than this share of its true size: what then finds no room is scrolled to. */
const LEAST = 0.65;

function keepLegible(host: HTMLElement, { width, height }: Drawing): void {
  host.style.setProperty('--least-width', `${(width + 2 * MARGIN) * LEAST}px`);
  host.style.setProperty('--least-height', `${(height + 2 * MARGIN) * LEAST}px`);
  // What is active is lit a moment later.
  requestAnimationFrame(() => {
    const [frame, active] = [host.closest('.explained'), host.querySelector('.leaf.active')];
    if (!frame || !active) return;
    const [around, at] = [frame.getBoundingClientRect(), active.getBoundingClientRect()];
    frame.scrollBy(
      middleOf(at.left, at.width) - middleOf(around.left, around.width),
      middleOf(at.top, at.height) - middleOf(around.top, around.height),
    );
  });
}

const middleOf = (start: number, length: number): number => start + length / 2;

/** A chart of which each transition can be pointed at, and each state with others in it can be folded. */
function Explained({ actor, lit }: { actor: ActorView; lit: boolean }) {
  const pointed = useSignal<TransitionRef | undefined>(undefined);
  const refocus = useRef<string | undefined>(undefined);
  const fold = (target: EventTarget | null): boolean => {
    const state = foldOf(target);
    if (state === undefined) return false;
    refocus.current = state;
    toggleFold(actor.chart.id, state);
    return true;
  };
  const point = ({ target }: Event): void => {
    const row = target instanceof Element ? target.closest('.row[data-refs]') : null;
    pointed.value = row?.getAttribute('data-refs') ?? pointed.value;
  };
  const drawn = (host: HTMLElement, drawing: Drawing): void => {
    keepLegible(host, drawing);
    makeReachable(host, drawing, foldedIn(actor.chart.id));
    const state = refocus.current;
    refocus.current = undefined;
    if (state !== undefined) host.querySelector<SVGElement>(`[data-fold="${CSS.escape(state)}"]`)?.focus();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it takes the events of what can be reached inside */}
      <div
        class={`explained ${size.value}`}
        onClick={({ target }) => void fold(target)}
        onKeyDown={(event) => {
          if ((event.key === 'Enter' || event.key === ' ') && fold(event.target)) event.preventDefault();
        }}
        onPointerOver={point}
        onFocusIn={point}
      >
        <ChartView actor={actor} detail="full" lit={lit} onDrawn={drawn} />
      </div>
      <TransitionNote actor={actor} transition={pointed.value} />
    </>
  );
}
