import type { Standing } from '../state/matrix.ts';

/** The sign of each standing, so that no colour need be told from another. */
export const SIGNS: Readonly<Record<Standing, string>> = { alive: '', suspect: '?', dead: '×', left: '–', unknown: '' };

const STANDINGS = Object.keys(SIGNS) as readonly Standing[];

/** What the cells mean. */
export function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      {STANDINGS.map((standing) => (
        <li key={standing}>
          <span class={`cell ${standing}`} aria-hidden="true">
            {SIGNS[standing]}
          </span>
          {standing}
        </li>
      ))}
    </ul>
  );
}
