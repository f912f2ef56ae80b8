import { memo } from 'preact/compat';
import { hueOf, shortState } from '../../src/chart/active.ts';
import type { ActorView, NodeView } from '../../src/world/world.ts';
import { actorWords } from '../state/actor-words.ts';
import { family } from '../state/family.ts';
import { shortAddress } from '../state/lone.ts';
import { selectActor, selectedActor } from '../state/store.ts';

/** Deeper than this, kin are not moved further to the right. */
const MOST_STEPS = 5;

/** The actors of a node, each below the one that spawned it. */
export function ActorList({ view: { actors, up } }: { view: NodeView }) {
  const all = Object.values(actors);
  if (all.length < 2) return null;
  const kin = up ? family(all) : [];
  const ended = all.length - kin.length;
  return (
    <>
      <h2>Actors</h2>
      <ul class="actors" aria-label="Actors">
        {kin.map(({ actor, depth }) => (
          <Actor key={actor.address} actor={actor} depth={depth} selected={selectedActor.value === actor.address} />
        ))}
      </ul>
      {ended > 0 && <p class="empty">{ended === 1 ? '1 has ended.' : `${ended} have ended.`}</p>}
    </>
  );
}

interface ActorProps {
  readonly actor: ActorView;
  readonly depth: number;
  readonly selected: boolean;
}

const Actor = memo(({ actor, depth, selected }: ActorProps) => {
  const words = actorWords(actor, true);
  return (
    <li class={`hue-${hueOf(actor.chart, actor.state)}`} data-actor={actor.address}>
      <button
        type="button"
        class={`actor-name step-${Math.min(depth, MOST_STEPS)}`}
        aria-pressed={selected}
        title={words}
        onClick={() => selectActor(actor.address)}
      >
        <span class="dot" aria-hidden="true" />
        <strong>{shortAddress(actor.address)}</strong>
        <span class="words">{shortState(words, 18)}</span>
      </button>
    </li>
  );
});
