import { unit } from './state.ts';
import { LATENCIES, shortMs } from './words.ts';

/** What widths and colours mean. */
export function Keys() {
  if (unit.value === 'step') return null;
  return (
    <ul class="latencies" aria-label="Colours of latency">
      {[...LATENCIES, undefined].map((bound, at) => (
        <li key={at} class={`latency-${at}`}>
          <span class="swatch" aria-hidden="true" />
          {bound === undefined ? `${shortMs(LATENCIES.at(-1) as number)} and more` : `below ${shortMs(bound)}`}
        </li>
      ))}
    </ul>
  );
}
