import type { Rates } from '../../../src/story/rates.ts';
import { spanText } from '../../state/time-text.ts';

type Name = 'records' | 'messages' | 'losses';
const NAMES: readonly Name[] = ['records', 'messages', 'losses'];
const HEIGHT = 34;

/** How much happened over time, as bars: one row for all records, one for messages sent, one for losses. */
export function RateBars({ rates, unit }: { rates: Rates<Name>; unit: 'ms' | 'step' }) {
  const per = unit === 'step' ? rates.width : rates.width / 1_000;
  const end = rates.begin + rates.width * rates.counts('records').length;
  return (
    <div class="rates">
      {NAMES.map((name) => (
        <Bars key={name} name={name} counts={rates.counts(name)} per={per} unit={unit} />
      ))}
      <p class="hint axis">
        <span>{spanText(rates.begin, unit)}</span>
        <span>
          each bar {spanText(rates.width, unit)}
          {unit === 'step' && (rates.width === 1 ? ' step' : ' steps')}
        </span>
        <span>{spanText(end, unit)}</span>
      </p>
    </div>
  );
}

interface BarsProps {
  readonly name: Name;
  readonly counts: readonly number[];
  /** How many seconds, or steps, a bar stands for. */
  readonly per: number;
  readonly unit: 'ms' | 'step';
}

function Bars({ name, counts, per, unit }: BarsProps) {
  const most = Math.max(0, ...counts);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const rate = (count: number): string => (count / per).toLocaleString('en', { maximumSignificantDigits: 3 });
  const each = unit === 'step' ? 'a step' : 'a second';
  const words = `${name}: ${rate(most)} ${each} at most, ${rate(counts.length === 0 ? 0 : all / counts.length)} on average`;
  return (
    <div class={`bars ${name}`}>
      <span class="hint">{words}</span>
      <svg
        viewBox={`0 0 ${Math.max(1, counts.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
      >
        {counts.map((count, at) => {
          const height = most === 0 ? 0 : (count / most) * HEIGHT;
          return <rect key={at} x={at + 0.1} y={HEIGHT - height} width={0.8} height={height} />;
        })}
      </svg>
    </div>
  );
}
