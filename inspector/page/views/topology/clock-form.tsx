import { useState } from 'preact/hooks';
import { ask } from '../../state/connection.ts';

/** How fast the clock of a node is to run, and how far it is to jump ahead. */
export function ClockForm({ node, rate }: { node: string; rate: number }) {
  const [wanted, setWanted] = useState<string | undefined>(undefined);
  const [jump, setJump] = useState('0');
  const apply = (event: Event): void => {
    event.preventDefault();
    ask({ control: 'skew', node, rate: Number(wanted ?? rate), jumpMs: Number(jump) });
    setWanted(undefined);
    setJump('0');
  };
  return (
    <section class="link-form" aria-label={`Clock of ${node}`}>
      <h3>Clock of {node}</h3>
      <form onSubmit={apply}>
        <label>
          <span>Runs</span>
          <input
            type="number"
            name="rate"
            min={0.1}
            max={10}
            step="any"
            required
            value={wanted ?? String(rate)}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
          × true speed
        </label>
        <label>
          <span>Jumps</span>
          <input
            type="number"
            name="jump"
            min={0}
            max={60_000}
            step="any"
            required
            value={jump}
            onInput={(event) => setJump(event.currentTarget.value)}
          />
          ms ahead
        </label>
        <button type="submit">Skew clock</button>
      </form>
    </section>
  );
}
