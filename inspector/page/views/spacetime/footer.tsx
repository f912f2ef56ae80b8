import type { Binding } from './binding.ts';
import { omissionsOf, type Remark, relationsOf } from './foot.ts';

/** What the picture leaves out, and how what is seen stands to what is selected. */
export function Footer({ binding }: { binding: Binding }) {
  void binding.version.value;
  const { spaceTime } = binding.diagram;
  const relations = relationsOf(spaceTime);
  return (
    <div class="spacetime-foot">
      {relations.length > 0 && <span class="relations">{relations.map(said)}</span>}
      {omissionsOf(spaceTime, binding.drawn.value).map(said)}
    </div>
  );
}

const said = ({ name, words }: Remark) => (
  <span key={name} class={name}>
    {words}
  </span>
);
