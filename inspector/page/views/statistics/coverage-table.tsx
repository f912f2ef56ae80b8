import { eventWords } from '../../../src/story/record-text.ts';
import { asValue } from '../../query/complete.ts';
import type { Coverage } from './coverage.ts';
import { Find } from './find.tsx';

/** Which transitions of a machine were taken, and how often; those that never were stand out by a word of their own. */
export function CoverageTable({ coverage: { machine, transitions, taken } }: { coverage: Coverage }) {
  const most = Math.max(1, ...transitions.map(({ count }) => count));
  return (
    <table class="coverage">
      <caption>
        {machine}: {taken} of {transitions.length} transitions taken
      </caption>
      <tbody>
        {transitions.map(({ transition: { ref, event, guard, targets, kind }, count }) => (
          <tr key={ref} class={count === 0 ? 'never' : ''}>
            <th scope="row" title={ref}>
              {count === 0 ? sourceOf(ref) : <Find query={`transition:${asValue(ref)}`}>{sourceOf(ref)}</Find>}
            </th>
            <td class="what">
              {kind === 'always' ? 'always' : eventWords(event)}
              {guard !== undefined && <span class="guard-name"> [{guard}]</span>}
              {targets.length > 0 && <span class="hint"> → {targets.join(', ')}</span>}
            </td>
            <td>{count === 0 ? 'never' : count.toLocaleString('en')}</td>
            <td class="share">
              <progress max={most} value={count} aria-hidden="true" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The state from which a transition leads. */
const sourceOf = (ref: string): string => ref.split('#')[0] as string;
