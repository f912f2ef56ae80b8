import { SHADE_CLASSES } from './live-chart.ts';
import { heatShown } from './options.ts';

/** What the colours of transitions mean, and whether there are any. */
export function HeatLegend() {
  return (
    <span class="heat-legend">
      <label>
        <input
          type="checkbox"
          checked={heatShown.value}
          onChange={({ currentTarget }) => {
            heatShown.value = currentTarget.checked;
          }}
        />
        heat
      </label>
      {heatShown.value && (
        <span class="shades" role="img" aria-label="From seldom to often taken, the line is thicker and warmer">
          seldom
          {SHADE_CLASSES.map((shade) => (
            <span key={shade} class={`shade ${shade}`} aria-hidden="true" />
          ))}
          often
        </span>
      )}
    </span>
  );
}
