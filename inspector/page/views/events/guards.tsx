import type { TraceRecord } from '@synod/protocol';

/** How a guard came out that was asked in a step. */
export interface Guard {
  readonly transition: string;
  readonly condition: string;
  readonly outcome: boolean;
}

const isGuard = (value: unknown): value is Guard =>
  typeof value === 'object' &&
  value !== null &&
  'transition' in value &&
  typeof value.transition === 'string' &&
  'condition' in value &&
  typeof value.condition === 'string' &&
  'outcome' in value &&
  typeof value.outcome === 'boolean';

/** The guards that a step asked, as far as its trace tells of them. */
export function guardsOf(record: TraceRecord): readonly Guard[] {
  const guards: unknown = 'guards' in record ? record.guards : undefined;
  return Array.isArray(guards) ? guards.filter(isGuard) : [];
}

/** Why a transition was taken, or not: the value of each guard that was asked, in the order in which they were. */
export function Guards({ guards }: { guards: readonly Guard[] }) {
  return (
    <table class="guards">
      <caption>Guards, as they were asked</caption>
      <thead>
        <tr>
          <th scope="col">condition</th>
          <th scope="col">came out</th>
          <th scope="col">of transition</th>
        </tr>
      </thead>
      <tbody>
        {guards.map(({ transition, condition, outcome }, at) => (
          <tr key={at} class={outcome ? 'held' : 'failed'}>
            <td>{condition}</td>
            <td>{outcome ? '✓ true' : '✗ false'}</td>
            <td>{transition}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
