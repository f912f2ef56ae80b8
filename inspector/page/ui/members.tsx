import { chooseName, matrix, name, names } from '../state/membership.ts';
import { Legend } from './legend.tsx';
import { MatrixTable } from './matrix-table.tsx';
import { PointedAt, Summary } from './summary.tsx';

/** Who is alive, in the eyes of whom. */
export function Members() {
  return (
    <section class="members" aria-label="Membership">
      <div class="members-head">
        {names.value.length > 1 && (
          <select
            aria-label="Membership as told by"
            value={name.value}
            onChange={(event) => chooseName(event.currentTarget.value)}
          >
            {names.value.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
        <Summary />
        <Legend />
      </div>
      <PointedAt />
      <MatrixTable matrix={matrix.value} />
    </section>
  );
}
