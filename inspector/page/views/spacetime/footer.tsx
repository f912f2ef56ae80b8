import type { Binding } from './binding.ts';
import { samplingWords } from './pictures.ts';

/** What the picture leaves out, and how what is seen stands to what is selected. */
export function Footer({ binding }: { binding: Binding }) {
  void binding.version.value;
  const { spaceTime, drawn } = binding;
  const sampling = samplingWords(drawn.value);
  const { quiet, beyond } = spaceTime.lanes;
  const { share, isDone } = spaceTime.marks;
  return (
    <div class="spacetime-foot">
      <Relations binding={binding} />
      {!isDone && <span class="reading">reading {Math.floor(share * 100)} %</span>}
      {sampling !== undefined && <span class="sampling">{sampling}</span>}
      {quiet > 0 && <span>{lanesWords(quiet)} without messages left out</span>}
      {beyond > 0 && <span>{lanesWords(beyond)} with fewer messages left out</span>}
    </div>
  );
}

const lanesWords = (count: number): string => (count === 1 ? '1 lane' : `${count.toLocaleString('en')} lanes`);

function Relations({ binding: { spaceTime } }: { binding: Binding }) {
  const { causality, lanes } = spaceTime;
  if (!causality) return null;
  if (!causality.isClocked)
    return <span>The selected record has no vector clock: what came before it is not known.</span>;
  const { past, future, concurrent } = causality.counts();
  const mute = lanes.lanes.filter(({ isClocked, marks }) => !isClocked && marks.length > 0);
  return (
    <span class="relations">
      <span class="past">↑ {past.toLocaleString('en')} before</span>
      <span class="future">↓ {future.toLocaleString('en')} after</span>
      <span class="concurrent">∥ {concurrent.toLocaleString('en')} concurrent</span>
      {mute.length > 0 && <span>∅ no vector clocks: {mute.map(({ name }) => name).join(', ')}</span>}
    </span>
  );
}
