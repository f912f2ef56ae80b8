import type { JudgedProperty } from '../../../src/world/verdicts.ts';

const PATHS = {
  holds: 'M3 8.5 6.5 12 13 4.5',
  violated: 'M4 4 12 12 M12 4 4 12',
  open: 'M5.5 6a2.5 2.5 0 1 1 3.4 2.3c-.7.3-.9.8-.9 1.6 M8 12.4v.2',
} as const;

export const SIGNS = { holds: 'holds', violated: 'violated', open: 'not judged' } as const;

/** A verdict as a shape, so that it needs no colour. */
export function Sign({ verdict }: { verdict: JudgedProperty['verdict'] }) {
  return (
    <svg class={`sign ${verdict}`} viewBox="0 0 16 16" role="img" aria-label={SIGNS[verdict]}>
      <path d={PATHS[verdict]} />
    </svg>
  );
}
