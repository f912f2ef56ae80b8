import { useState } from 'preact/hooks';
import { ask } from '../../state/connection.ts';
import { NumberField } from './number-field.tsx';

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
        <NumberField
          {...{ name: 'rate', label: 'Runs', unit: '× true speed', min: 0.1, max: 10 }}
          value={wanted ?? String(rate)}
          set={setWanted}
        />
        <NumberField
          {...{ name: 'jump', label: 'Jumps', unit: 'ms ahead', min: 0, max: 60_000 }}
          value={jump}
          set={setJump}
        />
        <button type="submit">Skew clock</button>
      </form>
    </section>
  );
}
