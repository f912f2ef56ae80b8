import type { Kind } from '../../src/world/read.ts';

const CLOCK = 'M6 1.5a4.5 4.5 0 1 0 .01 0';

/** Lines in a square of twelve. */
const SIGNS: Readonly<Record<Kind, string>> = {
  spawn: 'M6 2v8M2 6h8',
  receive: 'M1 6h6M4.5 3.5 7 6 4.5 8.5M10 2v8',
  transition: 'M1.5 6a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M5 6h5.5M8 3.5 10.5 6 8 8.5',
  send: 'M2 10 10 2M4.5 2H10v5.5',
  deliver: 'M2 2l8 8M10 4.5V10H4.5',
  drop: 'M2.5 2.5l7 7M9.5 2.5l-7 7',
  'timer.set': `${CLOCK}M6 3.5V6l2 1.5`,
  'timer.fired': 'M7 1 3 7h3l-1 4 4-6H6z',
  'timer.cancelled': `${CLOCK}M2.5 9.5l7-7`,
  durable: 'M2 2h6l2 2v6H2zM4 2v3h3V2',
  emit: 'M2 4.5v3h2L8 10V2L4 4.5zM10 4.5v3',
  crash: 'M6 1v10M1 6h10M2.5 2.5l7 7M9.5 2.5l-7 7',
  restart: 'M10 6a4 4 0 1 1-1.2-2.8M10 1v3H7',
  stop: 'M3 3h6v6H3z',
  note: 'M2 3h8M2 6h8M2 9h5',
};

/** A small sign of a record's type, beside its name. */
export function RecordSign({ kind }: { kind: Kind }) {
  return (
    <svg class="sign" viewBox="0 0 12 12" aria-hidden="true">
      <path d={SIGNS[kind]} />
    </svg>
  );
}
